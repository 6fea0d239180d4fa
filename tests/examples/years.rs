//! Writes a series that has run for years: `years ISSUES PAPERS FOLDER`, where each issue
//! has so many papers; with `--abstracts` each paper has its own.

use std::path::Path;
use std::process::ExitCode;

use offprint_tests::years::Years;

#[expect(clippy::print_stderr, reason = "a small tool of ours")]
fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let given = arguments.len();
    arguments.retain(|argument| argument != "--abstracts");
    let abstracts = arguments.len() < given;
    let [issues, papers, folder] = arguments.as_slice() else {
        eprintln!("usage: years [--abstracts] ISSUES PAPERS FOLDER");
        return ExitCode::from(2);
    };
    let (Ok(issues), Ok(papers)) = (issues.parse(), papers.parse()) else {
        eprintln!("`{issues}` or `{papers}` is no number");
        return ExitCode::from(2);
    };
    Years { papers, abstracts }.write(Path::new(folder), issues);
    ExitCode::SUCCESS
}
