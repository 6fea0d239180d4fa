//! Papers put into sections by what their source groups them by.

use crate::{DraftPaper, DraftSection};

/// Sections by the first group of each paper, in the order in which groups first appear; one
/// section without a title where groups do not divide the papers (some have none, or there are
/// almost as many groups as papers), and groups are tags.
pub(crate) fn sections(papers: Vec<(DraftPaper, Option<String>)>) -> Vec<DraftSection> {
    let mut titles: Vec<&str> = Vec::new();
    for group in papers.iter().filter_map(|(_, group)| group.as_deref()) {
        if !titles.contains(&group) {
            titles.push(group);
        }
    }
    let divides = titles.len() > 1
        && titles.len() * 2 <= papers.len().max(4)
        && papers.iter().all(|(_, group)| group.is_some());
    if !divides {
        let papers = papers.into_iter().map(|(mut paper, group)| {
            // Nothing that the source says is lost.
            if let Some(group) = group.filter(|group| !paper.entry.tags.contains(group)) {
                paper.entry.tags.insert(0, group);
            }
            paper
        });
        return vec![DraftSection {
            papers: papers.collect(),
            ..DraftSection::default()
        }];
    }
    let mut sections: Vec<DraftSection> = titles
        .iter()
        .map(|title| DraftSection {
            title: Some((*title).to_owned()),
            ..DraftSection::default()
        })
        .collect();
    for (paper, group) in papers {
        let section = sections.iter_mut().find(|section| section.title == group);
        if let Some(section) = section {
            section.papers.push(paper);
        }
    }
    sections
}
