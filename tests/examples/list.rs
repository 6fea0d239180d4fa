//! Writes a reading list as a series and as a Typst document: `list 1000 FOLDER`.

use std::path::Path;
use std::process::ExitCode;

use offprint_tests::{SMALL_SERIES, list, write};

#[expect(clippy::print_stderr, reason = "a small tool of ours")]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [papers, folder] = arguments.as_slice() else {
        eprintln!("usage: list PAPERS FOLDER");
        return ExitCode::from(2);
    };
    let Ok(papers) = papers.parse() else {
        eprintln!("`{papers}` is no number of papers");
        return ExitCode::from(2);
    };
    let folder = Path::new(folder);
    write(&folder.join("offprint.toml"), SMALL_SERIES.as_bytes());
    write(
        &folder.join("issues/list.md"),
        list::markdown(papers).as_bytes(),
    );
    write(&folder.join("list.typ"), list::typst(papers).as_bytes());
    ExitCode::SUCCESS
}
