//! Writes a series whose one issue has many papers: `long 1000 FOLDER`.

use std::path::Path;
use std::process::ExitCode;

use offprint_tests::{long, write};

#[expect(clippy::print_stderr, reason = "a small tool of ours")]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [papers, folder] = arguments.as_slice() else {
        eprintln!("usage: long PAPERS FOLDER");
        return ExitCode::from(2);
    };
    let Ok(papers) = papers.parse() else {
        eprintln!("`{papers}` is no number of papers");
        return ExitCode::from(2);
    };
    let folder = Path::new(folder);
    let settings = "schema = 1\n\n[series]\nid = \"long\"\ntitle = \"长刊\"\nlang = \"zh-CN\"\nurl = \"https://long.example.org/\"\n";
    write(&folder.join("offprint.toml"), settings.as_bytes());
    write(
        &folder.join("issues/long.md"),
        long::issue(papers).as_bytes(),
    );
    ExitCode::SUCCESS
}
