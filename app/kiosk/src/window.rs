//! The one window: its pages, its command, its event and the frames of the camera.

use crate::bridge::{Bridge, Input, Left};
use crate::frames::Frames;
use crate::gallery::Gallery;
use crate::keep;
use crate::operator;
use crate::settings::Settings;
use crate::shop::Shop;
use crate::tap;
use crate::watch;
use sealight_edge::camera::CameraError;
use sealight_edge::clock;
use sealight_edge::host::Parts;
use sealight_edge::metrics;
use sealight_edge::night::Night;
use sealight_flow::{Action, Event, View};
use std::sync::Arc;
use tauri::http::{Response, StatusCode, header};
use tauri::{
    AppHandle, Emitter, Manager, RunEvent, State, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    WindowEvent, Wry,
};

/// A window that is being made.
type Builder<'a> = WebviewWindowBuilder<'a, Wry, AppHandle>;

/// The label of the window, which `capabilities/kiosk.json` names too.
const WINDOW: &str = "kiosk";

/// Opens the window and runs until staff or the program itself end it.
///
/// # Errors
/// The toolkit's, where there is no display.
pub(crate) fn run(
    settings: Settings,
    parts: Parts,
    gallery: Gallery,
    shop: Shop,
) -> tauri::Result<()> {
    let frames = Frames::default();
    let (shop, gallery) = (Arc::new(shop), Arc::new(gallery));
    let seen = frames.clone();
    let app = tauri::Builder::default()
        .register_uri_scheme_protocol("frame", move |_, _| frame(&seen))
        .register_asynchronous_uri_scheme_protocol("picture", move |context, request, answer| {
            let (app, gallery) = (context.app_handle().clone(), Arc::clone(&gallery));
            tauri::async_runtime::spawn_blocking(move || {
                let path = request.uri().path();
                answer.respond(gallery.answer(path, &app.state::<Bridge>()));
            });
        })
        .invoke_handler(tauri::generate_handler![act])
        .on_window_event(|_, event| stay_open(event))
        .setup(move |app| {
            let handle = app.handle().clone();
            let ends = app.handle().clone();
            let bridge = Bridge::start(
                parts,
                frames.clone(),
                Arc::clone(&shop),
                move || ends.exit(0),
                move || tell(&handle),
            )?;
            app.manage(bridge);
            open(app.handle(), &settings)?;
            app.manage(operator::start(&settings, app.handle().clone())?);
            let (handle, told) = (app.handle().clone(), Arc::clone(&shop));
            let post = move |event| {
                let bridge = handle.state::<Bridge>();
                if matches!(event, Event::CameraFailed) {
                    bridge.shop().camera_silent(clock::monotonic());
                }
                bridge.post(event);
            };
            let told = move |seen: Result<(), &CameraError>| told.camera(seen, clock::monotonic());
            app.manage(watch::start(settings.camera.clone(), frames.clone(), told, post)?);
            app.manage(tap::start(app.handle().clone())?);
            if let Some(port) = settings.metrics {
                let handle = app.handle().clone();
                let told = metrics::serve(port, move || {
                    let bridge = handle.state::<Bridge>();
                    bridge.shop().metrics(bridge.page_is_alive(), frames.taken())
                });
                // Somebody else's port is no reason to show visitors nothing.
                if let Err(error) = told {
                    eprintln!("sealight-kiosk: no counters on port {port}: {error}");
                }
            }
            keep::start(app.handle().clone(), Night::at(settings.night, settings.local))?;
            Ok(())
        })
        .build(tauri::generate_context!())?;
    app.run(|app, event| {
        if matches!(event, RunEvent::Exit) {
            close(app);
        }
    });
    Ok(())
}

/// The last thing before the process ends, with whatever code: that drops nothing, and a store that
/// nobody closes counts as one of a program that was killed.
fn close(app: &AppHandle) {
    if app.try_state::<Bridge>().is_some_and(|bridge| !bridge.close()) {
        eprintln!("sealight-kiosk: the store is not closed in time");
    }
}

/// What a person did, typed or scanned: the only thing that the page can ask for. What there is to
/// be shown, where it asks for that.
#[tauri::command]
fn act(input: Input, app: AppHandle, bridge: State<'_, Bridge>) -> Option<View> {
    // A PIN's hash and what staff see take their time, which the window must not wait for.
    if matches!(input, Input::Pin(_) | Input::Act(Action::Staff)) {
        tauri::async_runtime::spawn_blocking(move || app.state::<Bridge>().take(input));
        return None;
    }
    if matches!(input, Input::Drawn) {
        operator::mark_health();
    }
    match bridge.take(input) {
        Left::Nothing => {}
        Left::Show => return bridge.shown(),
        Left::Wait => {
            tauri::async_runtime::spawn_blocking(move || {
                app.state::<Bridge>().wait_for_quiet();
            });
        }
    }
    None
}

/// Tells the page that there is another view, for which it asks; one that is gone asks when it is
/// back. An event is a script to the web view, which keeps scripts for long: none has a view in it,
/// and with it what a visitor was shown.
pub(crate) fn tell(app: &AppHandle) {
    let _ = app.emit_to(WINDOW, "view", ());
}

fn open(app: &AppHandle, settings: &Settings) -> tauri::Result<()> {
    watch_process(&built(app, settings)?, app.clone())
}

/// Builds the window with its page.
///
/// # Errors
/// The toolkit's, where there is no display.
pub(crate) fn built(app: &AppHandle, settings: &Settings) -> tauri::Result<WebviewWindow> {
    let colour = settings.shop.as_ref().and_then(|shop| shop.colour);
    let colour = colour.map(|colour| colour.to_string()).unwrap_or_default();
    let page = format!(
        "index.html?theme={}&sound={}&camera={}&colour={}",
        settings.theme,
        settings.sound,
        settings.camera_at,
        colour.trim_start_matches('#')
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
        None => fill(app, builder)?.fullscreen(true),
    };
    let window = builder.build()?;
    keep_size(&window)?;
    Ok(window)
}

/// As large as the screen, by itself: only a window's manager makes a window fill the screen, and a
/// kiosk's X has none.
fn fill<'a>(app: &AppHandle, builder: Builder<'a>) -> tauri::Result<Builder<'a>> {
    let primary = app.primary_monitor()?;
    let monitor = match primary {
        None => app.available_monitors()?.into_iter().next(),
        found => found,
    };
    let Some(monitor) = monitor else { return Ok(builder) };
    let scale = monitor.scale_factor();
    let size = monitor.size().to_logical::<f64>(scale);
    let at = monitor.position().to_logical::<f64>(scale);
    Ok(builder.inner_size(size.width, size.height).position(at.x, at.y))
}

/// Alt+F4, or whatever manages windows: the way out is staff's, and asks no window.
pub(crate) fn stay_open(event: &WindowEvent) {
    if let WindowEvent::CloseRequested { api, .. } = event {
        api.prevent_close();
    }
}

/// Two fingers enlarge no page: it would stay so for whoever comes next, and the web view asks
/// neither the page nor its style.
#[cfg(target_os = "linux")]
fn keep_size(window: &WebviewWindow) -> tauri::Result<()> {
    use gtk::prelude::{EventControllerExt, GestureExt};
    window.with_webview(|webview| {
        let fingers = gtk::GestureZoom::new(&webview.inner());
        // It sees them before the web view's own gesture does, and takes them once they move.
        fingers.set_propagation_phase(gtk::PropagationPhase::Capture);
        fingers.connect_scale_changed(|fingers, _| {
            fingers.set_state(gtk::EventSequenceState::Claimed);
        });
        // The window holds none of its gestures: this one lives as long as the program.
        std::mem::forget(fingers);
    })
}

#[cfg(not(target_os = "linux"))]
fn keep_size(_: &WebviewWindow) -> tauri::Result<()> {
    Ok(())
}

/// The page's own process may be killed, for want of memory or by a fault of its own.
#[cfg(target_os = "linux")]
fn watch_process(window: &WebviewWindow, app: AppHandle) -> tauri::Result<()> {
    use webkit2gtk::{WebProcessTerminationReason, WebViewExt};
    window.with_webview(move |webview| {
        webview.inner().connect_web_process_terminated(move |page, why| {
            if why != WebProcessTerminationReason::TerminatedByApi {
                eprintln!("sealight-kiosk: the page's process ended ({why:?}); it is loaded again");
                app.state::<Bridge>().page_lost();
            }
            page.reload();
        });
    })
}

#[cfg(not(target_os = "linux"))]
fn watch_process(_: &WebviewWindow, _: AppHandle) -> tauri::Result<()> {
    Ok(())
}

/// Loads the page again; it asks for the view when it is there.
pub(crate) fn reload(app: &AppHandle) {
    if let Some(Err(error)) = app.get_webview_window(WINDOW).map(|window| window.reload()) {
        eprintln!("sealight-kiosk: the page is not loaded again: {error}");
    }
}

/// Gives the page another process: what a toolkit leaks in a day stays a day's.
#[cfg(target_os = "linux")]
pub(crate) fn renew(app: &AppHandle) {
    use webkit2gtk::WebViewExt;
    let Some(window) = app.get_webview_window(WINDOW) else { return };
    // Whoever watches the process loads the page again.
    if let Err(error) = window.with_webview(|webview| webview.inner().terminate_web_process()) {
        eprintln!("sealight-kiosk: the page gets no other process: {error}");
    }
}

/// Loads the page anew: here the toolkit lets nobody end its process.
#[cfg(not(target_os = "linux"))]
pub(crate) fn renew(app: &AppHandle) {
    reload(app);
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
    for (name, value) in [(header::CONTENT_TYPE, "image/bmp"), (header::CACHE_CONTROL, "no-store")]
    {
        headers.insert(name, header::HeaderValue::from_static(value));
    }
    response
}
