//! Starts a server that behaves as WeChat's draft box does, and prints what to set for
//! `offprint publish wechat` to use it: `cargo run -p offprint-tests --example draftbox`.

#![expect(clippy::print_stdout, reason = "this is a program for people")]

use std::thread;
use std::time::Duration;

use offprint_tests::draftbox::{APPID, SECRET, Server};

fn main() {
    let server = Server::start();
    println!("export OFFPRINT_WECHAT_API={}", server.address());
    println!("export OFFPRINT_WECHAT_APPID={APPID}");
    println!("export OFFPRINT_WECHAT_SECRET={SECRET}");
    loop {
        thread::sleep(Duration::from_secs(1));
        for request in server.requests() {
            println!(
                "# {} {}: {} bytes",
                request.method,
                request.path,
                request.body.len()
            );
        }
    }
}
