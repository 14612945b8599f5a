//! The one window: its pages, its command, its event and the frames of the camera.

use crate::bridge::{Bridge, Input};
use crate::frames::Frames;
use crate::settings::Settings;
use crate::watch;
use sealight_edge::host::Parts;
use sealight_flow::View;
use tauri::http::{Response, StatusCode, header};
use tauri::{AppHandle, Emitter, Manager, State, WebviewUrl, WebviewWindowBuilder};

/// The label of the window, which `capabilities/kiosk.json` names too.
const WINDOW: &str = "kiosk";

/// Opens the window and runs until it is closed.
///
/// # Errors
/// The toolkit's, where there is no display.
pub(crate) fn run(settings: Settings, parts: Parts) -> tauri::Result<()> {
    let frames = Frames::default();
    let seen = frames.clone();
    tauri::Builder::default()
        .register_uri_scheme_protocol("frame", move |_, _| frame(&seen))
        .invoke_handler(tauri::generate_handler![act])
        .setup(move |app| {
            let handle = app.handle().clone();
            let bridge = Bridge::start(parts, frames.clone(), move |view| show(&handle, view))?;
            app.manage(bridge);
            open(app.handle(), &settings)?;
            let handle = app.handle().clone();
            let post = move |event| handle.state::<Bridge>().post(event);
            app.manage(watch::start(settings.camera.clone(), frames, post)?);
            Ok(())
        })
        .run(tauri::generate_context!())
}

/// What a person did, typed or scanned: the only thing that the page can ask for.
#[tauri::command]
fn act(input: Input, app: AppHandle, bridge: State<'_, Bridge>) {
    let keyed = matches!(input, Input::Key { .. });
    if bridge.take(input)
        && let Some(view) = bridge.shown()
    {
        show(&app, &view);
    }
    if keyed {
        tauri::async_runtime::spawn_blocking(move || {
            std::thread::sleep(Bridge::quiet_after());
            app.state::<Bridge>().quiet();
        });
    }
}

/// A page that is gone gets the view when it is back and says so.
fn show(app: &AppHandle, view: &View) {
    let _ = app.emit_to(WINDOW, "view", view);
}

fn open(app: &AppHandle, settings: &Settings) -> tauri::Result<()> {
    let page = format!(
        "index.html?theme={}&sound={}&camera={}",
        settings.theme, settings.sound, settings.camera_at
    );
    let builder = WebviewWindowBuilder::new(app, WINDOW, WebviewUrl::App(page.into()))
        .title("Sealight")
        // The page is ours alone: nothing else is ever opened in it.
        .on_navigation(|url| {
            matches!(url.scheme(), "tauri") || url.host_str() == Some("tauri.localhost")
        });
    let builder = match settings.window {
        Some((width, height)) => {
            builder.inner_size(f64::from(width), f64::from(height)).decorations(false)
        }
        None => builder.fullscreen(true),
    };
    builder.build()?;
    Ok(())
}

/// The newest frame of the camera, or that there is none yet.
fn frame(frames: &Frames) -> Response<Vec<u8>> {
    let (status, body) = match frames.take() {
        Some(bytes) => (StatusCode::OK, bytes),
        None => (StatusCode::NO_CONTENT, Vec::new()),
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CACHE_CONTROL, "no-store"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "tauri://localhost"),
    ] {
        headers.insert(name, header::HeaderValue::from_static(value));
    }
    response
}
