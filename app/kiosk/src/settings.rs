//! What the kiosk is started with.

use crate::tap;
use sealight_edge::local::LocalTime;
use sealight_edge::operator::Shop;
use sealight_flow::Language;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

/// What `--help` prints, in both languages.
pub(crate) const HELP: &str = "\
sealight-kiosk [OPTION]...
  The supermarket kiosk, full screen.       超市查验机，全屏运行。

  --home DIR        the device's folder     设备文件夹
  --lang TAG        first language: en, zh-CN (en)   首选语言
  --theme NAME      light or dark (light)   明或暗
  --sound LEVEL     off, low or normal (normal)      声音
  --camera NAME     the camera whose name holds this (the first)   摄像头名称
  --camera-at SIDE  where the camera is: top, left, right, bottom (top)   摄像头位置
  --patience N      how long screens stay, in percent, 10 to 1000 (100)   画面停留时间
  --minutes-east N  local time, minutes east of UTC (as the system has it)   本地时区，东偏分钟（按系统）
  --scanner         a hand scanner is here  有手持扫码枪
  --reader          a tag reader is here    有读卡器
  --staff           staff can be called     可呼叫店员
  --operator-key FILE  who may set this kiosk: what `sealight key show --json` prints   运营方公钥
  --config PLACE    folder or address of the signed kiosk.config   签署配置的所在
  --metrics PORT    counters for Prometheus, on loopback   计数（Prometheus，仅本机）
  --night HOUR      when nobody is here: fetch and tidy up (3)   夜间整理时刻
  --window WxH      a window of this size instead of full screen   窗口大小
  --help            this text               本说明
";

/// What the kiosk is started with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    /// The device's folder, where it is not the usual one.
    pub(crate) home: Option<PathBuf>,
    /// In which language it starts, and returns to.
    pub(crate) language: Language,
    /// `light` or `dark`.
    pub(crate) theme: String,
    /// `off`, `low` or `normal`.
    pub(crate) sound: String,
    /// A part of the camera's name; the first camera where there is none.
    pub(crate) camera: Option<String>,
    /// Where the light of the first screen comes from.
    pub(crate) camera_at: String,
    /// How long screens stay, in percent of the usual time.
    pub(crate) patience: u32,
    /// Whose local time it is.
    pub(crate) local: LocalTime,
    /// Whether there is a hand scanner; one that types cannot be told from a keyboard.
    pub(crate) scanner: bool,
    /// Whether there should be a tag reader; one that is there is used in any case.
    pub(crate) reader: bool,
    /// Whether staff can be called.
    pub(crate) staff: bool,
    /// The file with the operator's public key.
    pub(crate) operator_key: Option<PathBuf>,
    /// The folder of the operator's signed configuration: a path or an address.
    pub(crate) config: Option<String>,
    /// What the operator set, where that is in force; never from the command line.
    pub(crate) shop: Option<Shop>,
    /// Why something that the operator sent is not in force, where it is not.
    pub(crate) config_trouble: Option<String>,
    /// Whether the store is in memory, for want of one on the disk; never from the command line.
    pub(crate) in_memory: bool,
    /// Where counters are told, on loopback; nowhere where there is none.
    pub(crate) metrics: Option<u16>,
    /// The local hour of the night.
    pub(crate) night: u8,
    /// Size of the window; full screen where there is none.
    pub(crate) window: Option<(u32, u32)>,
}

/// Why an option is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SettingError {
    /// No such option.
    Unknown(String),
    /// An option without its value.
    NoValue(&'static str),
    /// A value that the option does not have.
    BadValue(&'static str, String),
    /// An option of a feature that this kiosk was built without.
    NotBuilt(&'static str, &'static str),
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(option) => write!(f, "no option {option}"),
            Self::NoValue(option) => write!(f, "{option} needs a value"),
            Self::NotBuilt(option, feature) => {
                write!(f, "{option} needs a kiosk that is built with --features {feature}")
            }
            Self::BadValue(option, got) => write!(f, "{option} cannot be {got}"),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            home: None,
            language: Language::English,
            theme: "light".into(),
            sound: "normal".into(),
            camera: None,
            camera_at: "top".into(),
            patience: 100,
            local: LocalTime::System,
            scanner: false,
            reader: false,
            staff: false,
            operator_key: None,
            config: None,
            shop: None,
            config_trouble: None,
            in_memory: false,
            metrics: None,
            night: 3,
            window: None,
        }
    }
}

impl Settings {
    /// Reads the command line; none where help is asked for.
    ///
    /// # Errors
    /// [`SettingError`] for what is no option or no value of one.
    pub(crate) fn of(
        args: impl IntoIterator<Item = OsString>,
    ) -> Result<Option<Self>, SettingError> {
        let mut settings = Self::default();
        let mut args = args.into_iter();
        while let Some(arg) = args.next() {
            let arg = arg.to_string_lossy().into_owned();
            let mut text = |option: &'static str| {
                let value = args.next().ok_or(SettingError::NoValue(option))?;
                Ok::<_, SettingError>(value.to_string_lossy().into_owned())
            };
            match arg.as_str() {
                "--help" | "-h" => return Ok(None),
                "--scanner" => settings.scanner = true,
                "--reader" if tap::IS_BUILT => settings.reader = true,
                "--reader" => return Err(SettingError::NotBuilt("--reader", "nfc")),
                "--staff" => settings.staff = true,
                "--home" => settings.home = Some(text("--home")?.into()),
                "--lang" => {
                    let tag = text("--lang")?;
                    let known = Language::from_tag(&tag);
                    settings.language = known.ok_or(SettingError::BadValue("--lang", tag))?;
                }
                "--theme" => {
                    settings.theme = one_of("--theme", text("--theme")?, &["light", "dark"])?
                }
                "--sound" => {
                    settings.sound =
                        one_of("--sound", text("--sound")?, &["off", "low", "normal"])?;
                }
                "--camera" => settings.camera = Some(text("--camera")?),
                "--camera-at" => {
                    let sides = ["top", "left", "right", "bottom"];
                    settings.camera_at = one_of("--camera-at", text("--camera-at")?, &sides)?;
                }
                "--patience" => {
                    let value = text("--patience")?;
                    let percent =
                        value.parse().ok().filter(|percent| (10..=1000).contains(percent));
                    settings.patience =
                        percent.ok_or(SettingError::BadValue("--patience", value))?;
                }
                "--minutes-east" => {
                    let value = text("--minutes-east")?;
                    let minutes = value.parse().ok().filter(|east: &i16| east.abs() <= 14 * 60);
                    let minutes = minutes.ok_or(SettingError::BadValue("--minutes-east", value))?;
                    settings.local = LocalTime::Fixed(minutes);
                }
                "--operator-key" => {
                    settings.operator_key = Some(text("--operator-key")?.into());
                }
                "--config" => settings.config = Some(text("--config")?),
                "--metrics" => {
                    let value = text("--metrics")?;
                    let port = value.parse().ok().filter(|port| *port > 0);
                    settings.metrics =
                        Some(port.ok_or(SettingError::BadValue("--metrics", value))?);
                }
                "--night" => {
                    let value = text("--night")?;
                    let hour = value.parse().ok().filter(|hour| *hour < 24);
                    settings.night = hour.ok_or(SettingError::BadValue("--night", value))?;
                }
                "--window" => {
                    let value = text("--window")?;
                    let size = value.split_once('x').and_then(|(width, height)| {
                        Some((width.parse().ok()?, height.parse().ok()?))
                    });
                    settings.window = Some(size.ok_or(SettingError::BadValue("--window", value))?);
                }
                _ => return Err(SettingError::Unknown(arg)),
            }
        }
        Ok(Some(settings))
    }
}

fn one_of(option: &'static str, value: String, of: &[&str]) -> Result<String, SettingError> {
    if of.contains(&value.as_str()) {
        Ok(value)
    } else {
        Err(SettingError::BadValue(option, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Option<Settings>, SettingError> {
        Settings::of(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn options_are_read() {
        let settings = read("--lang zh-CN --window 1080x1920 --minutes-east 480 --scanner");
        let settings = settings.unwrap().unwrap();
        assert_eq!(settings.language, Language::Chinese);
        assert_eq!(settings.window, Some((1080, 1920)));
        assert_eq!(settings.local, LocalTime::Fixed(480));
        assert_eq!(Settings::default().local, LocalTime::System);
        assert!(settings.scanner && !settings.staff);
        assert_eq!(read(""), Ok(Some(Settings::default())));
        assert_eq!(read("--theme dark --help"), Ok(None));
    }

    #[test]
    fn a_reader_is_expected_only_of_a_kiosk_that_can_have_one() {
        match read("--reader") {
            Ok(settings) => assert!(tap::IS_BUILT && settings.unwrap().reader),
            Err(error) => assert_eq!(error, SettingError::NotBuilt("--reader", "nfc")),
        }
    }

    #[test]
    fn what_is_no_option_or_value_is_refused() {
        assert_eq!(read("--nonsense"), Err(SettingError::Unknown("--nonsense".into())));
        assert_eq!(read("--home"), Err(SettingError::NoValue("--home")));
        for line in [
            "--theme blue",
            "--lang xx",
            "--window big",
            "--minutes-east 9999",
            "--patience 3",
            "--metrics 0",
            "--metrics x",
            "--night 24",
        ] {
            assert!(matches!(read(line), Err(SettingError::BadValue(..))), "{line}");
        }
    }
}
