//! Makes the feeds of a series that has run for long: `many ISSUES PAPERS-AN-ISSUE [FOLDER]`.
//!
//! Issues are made one at a time, and what waits lies in a file, as in a build; time and
//! memory are those of the feeds, to be taken from outside (`/usr/bin/time -v`). With a
//! folder, the files are written there.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use jiff::ToSpan;
use jiff::civil::date;
use jiff::tz::TimeZone;
use offprint_core::load::{self, Form, Location};
use offprint_core::text::Inline;
use offprint_core::{
    Artifact, Assets, Context, Export, ExportError, Fonts, Issue, Moment, Published, RelativePath,
    Series, Source, Spool, guid,
};
use offprint_rss::Rss;

/// A spool in a file that has no name.
struct FileSpool {
    file: File,
    end: Mutex<u64>,
}

impl Spool for FileSpool {
    fn put(&self, bytes: &[u8]) -> io::Result<Range<u64>> {
        let mut end = self.end.lock().unwrap_or_else(PoisonError::into_inner);
        let start = *end;
        self.file.write_all_at(bytes, start)?;
        *end = start + bytes.len() as u64;
        Ok(start..*end)
    }

    fn get(&self, range: Range<u64>) -> io::Result<Vec<u8>> {
        let length = range.end - range.start;
        let mut bytes = Vec::with_capacity(usize::try_from(length).map_err(io::Error::other)?);
        let mut file = &self.file;
        file.seek(SeekFrom::Start(range.start))?;
        file.take(length).read_to_end(&mut bytes)?;
        if bytes.len() as u64 != length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(bytes)
    }
}

const TAGS: [&str; 12] = [
    "自监督学习",
    "Transformer",
    "memory",
    "对比学习",
    "VAE",
    "C++",
    "decoding",
    "预训练",
    "graphs",
    "常识推理",
    "Vision & Language",
    "强化学习",
];

const SECTIONS: [&str; 4] = ["自监督学习", "Transformer", "图神经网络", "Systems"];

/// An issue as an author writes it.
fn written(papers: usize) -> String {
    let mut text = String::from(
        "---\ntitle: 自监督学习与 Transformer\ndate: 2020-01-01\nlang: zh-CN\nauthors: [李明]\ntags: [人工智能]\n---\n\n导读一段。\n",
    );
    for n in 0..papers {
        if n % papers.div_ceil(SECTIONS.len()).max(1) == 0 {
            let section = SECTIONS.get(n * SECTIONS.len() / papers.max(1));
            text.push_str("\n## ");
            text.push_str(section.copied().unwrap_or("更多"));
            text.push('\n');
        }
        let tag = |k: usize| {
            TAGS.get((n * 7 + k * 5) % TAGS.len())
                .copied()
                .unwrap_or_default()
        };
        let _ = write!(
            text,
            "\n### Self-Supervised Learning from a Multi-View Perspective, Part {n}\n\
             - url: https://papers.example.org/forum?id={n}\n\
             - authors: Ada Lovelace; 李明; Grace Hopper\n\
             - venue: ICLR 2021\n- year: 2021\n- doi: 10.1000/xyz{n}\n\
             - tags: {}, {}\n\n\
             大家都在用自监督，却少有人说得清它到底好在哪。作者把输入和自监督信号看成同一事物的\
             两个视角，用互信息来记账：收益主要来自**丢掉与任务无关的那部分信息**，顺着这个账本，\
             对比式与预测式两类目标可以写进同一个损失 $L = L_1 + L_2$，见[代码](https://code.example.org/{n})。\n",
            tag(0),
            tag(1),
        );
    }
    text
}

/// The issue at a place in time, made of the first one.
fn nth(first: &Issue, series: &Series, n: i32) -> Result<Issue, jiff::Error> {
    let time = date(2000, 1, 1)
        .at(9, 0, 0, 0)
        .checked_add((20 * n).hours())?;
    let mut issue = first.clone();
    issue.id = format!("issue-{n:05}");
    issue.number = u32::try_from(n).ok();
    issue.date = Moment::from_datetime(time, &TimeZone::UTC)?;
    issue.guid = guid::of_issue(series, &issue.id, time.date());
    for paper in issue
        .sections
        .iter_mut()
        .flat_map(|section| &mut section.papers)
    {
        paper.title.push(Inline::Text(format!(" ({n})")));
    }
    Ok(issue)
}

#[expect(clippy::print_stdout, reason = "a small tool of ours")]
fn run(
    issues: i32,
    papers: usize,
    folder: Option<&Path>,
) -> Result<(), Box<dyn std::error::Error>> {
    let series = Series {
        id: "long".to_owned(),
        title: "长刊".to_owned(),
        url: Some("https://long.example.org/".to_owned()),
        ..Series::default()
    };
    let source = Source::new("first.md", written(papers));
    let location = Location {
        folder: String::new(),
        stem: "first".to_owned(),
    };
    let loaded = load::issue(&source, Form::Markdown, &location, &series);
    let first = loaded.value.ok_or("the issue has faults")?;
    let spool = FileSpool {
        file: tempfile::tempfile()?,
        end: Mutex::new(0),
    };
    let settings = Rss::default();
    let collector = settings
        .collector(&series, &spool)
        .ok_or("feeds are made of whole series")?;
    let assets = Assets::default();
    let fonts = Fonts::new();
    let context = Context {
        assets: &assets,
        fonts: &fonts,
        published: &[],
        files: &offprint_core::Files::new(),
        attachments: &[],
        threads: 1,
    };
    // The newest first, as the command shows them.
    for n in (0..issues).rev() {
        let issue = nth(&first, &series, n)?;
        let path = RelativePath::new(format!("{id}/{id}.epub", id = issue.id))?;
        let published = [Published {
            title: None,
            issue: Some(issue.id.clone()),
            format: "epub",
            path,
            media_type: "application/epub+zip",
            bytes: 100_000,
        }];
        let context = Context {
            published: &published,
            ..context
        };
        collector.add(&context, &issue)?;
    }
    let mut made: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut sink = |artifact: Artifact| -> Result<(), ExportError> {
        let path = artifact.path.as_str();
        if let Some(folder) = folder {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap_or(folder))?;
            fs::write(path, &artifact.data)?;
        }
        let group = path.rsplit_once('/').map_or(path, |(group, _)| group);
        let group = group.split('-').next().unwrap_or(group);
        let (files, bytes) = made.entry(group.to_owned()).or_default();
        *files += 1;
        *bytes += artifact.data.len();
        Ok(())
    };
    collector.finish(&context, &mut sink)?;
    for (group, (files, bytes)) in made {
        println!("{group}: {files} files, {bytes} bytes");
    }
    Ok(())
}

#[expect(clippy::print_stderr, reason = "a small tool of ours")]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (counts, folder) = match arguments.as_slice() {
        [issues, papers] => ((issues, papers), None),
        [issues, papers, folder] => ((issues, papers), Some(Path::new(folder))),
        _ => {
            eprintln!("usage: many ISSUES PAPERS-AN-ISSUE [FOLDER]");
            return ExitCode::from(2);
        }
    };
    let (Ok(issues), Ok(papers)) = (counts.0.parse(), counts.1.parse()) else {
        eprintln!("both counts should be whole numbers");
        return ExitCode::from(2);
    };
    match run(issues, papers, folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
