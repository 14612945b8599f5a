//! The command line in the person's language: every help text comes from the text files.

use crate::args::Cli;
use clap::{Arg, ArgAction, Command, CommandFactory};
use sealight_flow::{Language, Words};
use std::ffi::OsString;

/// Place of an option that stands after all others.
const LAST: usize = 900;

/// The command line with its help in the words of a language.
pub(crate) fn command(words: &'static Words) -> Command {
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).global(true);
    let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
    let command = Cli::command()
        .version(env!("CARGO_PKG_VERSION"))
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .arg(help)
        .arg(version);
    translated(command, "cli.help", words)
}

/// Puts in the words of a command, its options, and the commands below it.
fn translated(command: Command, key: &str, words: &'static Words) -> Command {
    let names: Vec<String> =
        command.get_subcommands().map(|below| below.get_name().to_owned()).collect();
    let text = |of: &str| words.text(of);
    let mut command = command
        .about(text(key))
        .help_template(format!(
            "{{about}}\n\n{} {{usage}}\n\n{{all-args}}{{after-help}}\n",
            words.text("cli.help-heading.usage"),
        ))
        .subcommand_help_heading(heading(words, "cli.help-heading.commands"))
        .mut_args(|arg| {
            let key_of_heading = match arg.is_positional() {
                true => "cli.help-heading.arguments",
                false => "cli.help-heading.options",
            };
            let help = help_of(&arg, key, words);
            let arg = arg.help(help).help_heading(heading(words, key_of_heading));
            // What every command takes stands after what is its own.
            let arg = if arg.is_global_set() { arg.display_order(LAST) } else { arg };
            // What clap adds of its own is English; the texts say it themselves.
            match arg.get_action().takes_values() {
                true => arg.hide_possible_values(true).hide_default_value(true).hide_env(true),
                false => arg,
            }
        });
    if let Some(more) = words.find(&format!("{key}+")) {
        command = command.after_help(more);
    }
    for name in names {
        let below = format!("{key}.{name}");
        command = command.mut_subcommand(&name, |command| translated(command, &below, words));
    }
    command
}

fn heading(words: &'static Words, key: &'static str) -> &'static str {
    words.find(key).unwrap_or(key)
}

/// An option's words: its command's own, else those that it has wherever it stands.
fn help_of(arg: &Arg, key: &str, words: &'static Words) -> String {
    let id = arg.get_id().as_str().replace('_', "-");
    let own = words.find(&format!("{key}.{id}"));
    let common = format!("cli.help-option.{id}");
    own.or_else(|| words.find(&common)).unwrap_or(&common).to_owned()
}

/// The language of this run, before anything else is known of it: `--lang`, else the locale.
///
/// # Errors
/// The tag of a language that there is no text in.
pub(crate) fn language(args: &[OsString]) -> Result<Language, String> {
    if let Some(tag) = option(args, "--lang") {
        return Language::from_tag(&tag).ok_or(tag);
    }
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|locale| !locale.is_empty());
    Ok(locale.and_then(|locale| Language::from_tag(&locale)).unwrap_or_default())
}

/// The value of an option that is needed before the others are read.
fn option(args: &[OsString], name: &str) -> Option<String> {
    let mut args = args.iter().filter_map(|arg| arg.to_str()).take_while(|arg| *arg != "--");
    while let Some(arg) = args.next() {
        let Some(rest) = arg.strip_prefix(name) else { continue };
        match rest.strip_prefix('=') {
            Some(value) => return Some(value.to_owned()),
            None if rest.is_empty() => return args.next().map(str::to_owned),
            None => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every(command: &Command, key: &str, seen: &mut dyn FnMut(&Command, &str)) {
        seen(command, key);
        for below in command.get_subcommands() {
            every(below, &format!("{key}.{}", below.get_name()), seen);
        }
    }

    #[test]
    fn the_command_line_is_sound() {
        for language in Language::all() {
            command(language.words()).debug_assert();
        }
    }

    #[test]
    fn every_command_and_option_has_help_in_each_language() {
        for language in Language::all() {
            let words = language.words();
            every(&command(words), "cli.help", &mut |command, key| {
                assert!(words.find(key).is_some(), "{}: {key}", language.tag());
                for arg in command.get_arguments() {
                    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
                    assert!(!help.is_empty() && !help.starts_with("cli."), "{key} {help}");
                }
            });
        }
    }

    #[test]
    fn the_language_is_found_wherever_it_stands() {
        let args = |text: &str| text.split(' ').map(OsString::from).collect::<Vec<_>>();
        assert_eq!(language(&args("sealight scan --lang zh a.png")), Ok(Language::Chinese));
        assert_eq!(language(&args("sealight --lang=en-GB scan")), Ok(Language::English));
        assert_eq!(language(&args("sealight --lang xx")), Err("xx".to_owned()));
    }
}
