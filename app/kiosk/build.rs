//! The pages, the capability file and the one command, put into the program.

fn main() {
    let commands = tauri_build::AppManifest::new().commands(&["act"]);
    let attributes = tauri_build::Attributes::new().app_manifest(commands);
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error={error:#}");
    }
}
