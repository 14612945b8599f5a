//! What a run says: figures, what was skipped, and why a claim does not hold.

use core::fmt;

/// One measured or counted number.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// What was counted or measured.
    pub label: String,
    /// The number.
    pub value: f64,
    /// Its unit; empty for a count, `x` for a ratio.
    pub unit: String,
}

/// What a run prints.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// In the order they were taken.
    pub figures: Vec<Figure>,
    /// What else the claim's tests print, line by line.
    pub notes: Vec<String>,
    /// What could not be tried here, each with its reason.
    pub skipped: Vec<String>,
}

/// Why a claim was not shown.
#[derive(Clone, Debug, PartialEq)]
pub enum NotShown {
    /// A figure lies above what it may be.
    Above {
        /// The figure.
        got: Figure,
        /// The most it may be.
        limit: f64,
    },
    /// A figure lies below what it has to be.
    Below {
        /// The figure.
        got: Figure,
        /// The least it may be.
        limit: f64,
    },
    /// Fewer tests ran than the claim stands on.
    TooFewTests {
        /// What the claim stands on.
        expected: usize,
        /// What ran and passed.
        got: usize,
    },
    /// Cargo tests failed or did not build: the end of what they printed.
    TestsFailed {
        /// The last lines of the output.
        output: String,
    },
    /// Something that the claim needs went wrong, or an answer was not as claimed.
    Broken {
        /// What happened.
        what: String,
    },
}

impl Report {
    /// Writes down a figure that has no limit of its own.
    pub fn figure(&mut self, label: &str, value: f64, unit: &str) {
        self.figures.push(Figure { label: label.into(), value, unit: unit.into() });
    }

    /// Writes down a figure and that it is `limit` or less.
    ///
    /// # Errors
    /// [`NotShown::Above`] where it is more, or not a number.
    pub fn at_most(
        &mut self,
        label: &str,
        value: f64,
        limit: f64,
        unit: &str,
    ) -> Result<(), NotShown> {
        let got = self.taken(label, value, unit);
        if value <= limit { Ok(()) } else { Err(NotShown::Above { got, limit }) }
    }

    /// Writes down a figure and that it is `limit` or more.
    ///
    /// # Errors
    /// [`NotShown::Below`] where it is less, or not a number.
    pub fn at_least(
        &mut self,
        label: &str,
        value: f64,
        limit: f64,
        unit: &str,
    ) -> Result<(), NotShown> {
        let got = self.taken(label, value, unit);
        if value >= limit { Ok(()) } else { Err(NotShown::Below { got, limit }) }
    }

    /// Writes down a time or size that was once measured as `once`, and that it is no more than
    /// twice that: a busy or slower machine is allowed for, a lost idea is not.
    ///
    /// # Errors
    /// [`NotShown::Above`] where it is more than twice as much.
    pub fn within_twice(
        &mut self,
        label: &str,
        value: f64,
        once: f64,
        unit: &str,
    ) -> Result<(), NotShown> {
        self.at_most(label, value, 2.0 * once, unit)
    }

    /// Says that a part could not be tried here.
    pub fn skip(&mut self, why: &str) {
        self.skipped.push(why.into());
    }

    fn taken(&mut self, label: &str, value: f64, unit: &str) -> Figure {
        let figure = Figure { label: label.into(), value, unit: unit.into() };
        self.figures.push(figure.clone());
        figure
    }
}

impl NotShown {
    /// Carries any error of the run.
    pub fn broken(what: impl fmt::Display) -> Self {
        Self::Broken { what: what.to_string() }
    }
}

impl Figure {
    /// Reads `LABEL: VALUE UNIT`, as cargo tests print it after `figure: `.
    #[must_use]
    pub fn parse(line: &str) -> Option<Self> {
        let (label, rest) = line.rsplit_once(": ")?;
        let (value, unit) = rest.trim().split_once(' ').unwrap_or((rest.trim(), ""));
        Some(Self { label: label.into(), value: value.parse().ok()?, unit: unit.trim().into() })
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = if self.value.fract() == 0.0 { 0 } else { 3 };
        write!(f, "{}: {:.digits$}", self.label, self.value)?;
        if self.unit.is_empty() { Ok(()) } else { write!(f, " {}", self.unit) }
    }
}

impl fmt::Display for NotShown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Above { got, limit } => write!(f, "{got}, where {limit} is the most"),
            Self::Below { got, limit } => write!(f, "{got}, where {limit} is the least"),
            Self::TooFewTests { expected, got } => {
                write!(f, "{got} tests passed, where the claim stands on {expected}")
            }
            Self::TestsFailed { output } => write!(f, "its tests failed:\n{output}"),
            Self::Broken { what } => f.write_str(what),
        }
    }
}

impl core::error::Error for NotShown {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_reads_back_from_its_line() {
        let figure = Figure { label: "a: b".into(), value: 99.0, unit: "steps".into() };
        assert_eq!(Figure::parse(&figure.to_string()), Some(figure));
        assert_eq!(Figure::parse("a: many"), None);
    }

    #[test]
    fn limits_hold_at_the_limit_and_not_beyond() {
        let mut report = Report::default();
        assert!(report.at_most("a", 2.0, 2.0, "").is_ok());
        assert!(report.at_most("a", 2.1, 2.0, "").is_err());
        assert!(report.at_most("a", f64::NAN, 2.0, "").is_err());
        assert!(report.at_least("a", 2.0, 2.0, "").is_ok());
        assert!(report.at_least("a", 1.9, 2.0, "").is_err());
        assert!(report.within_twice("a", 4.0, 2.0, "ms").is_ok());
        assert!(report.within_twice("a", 4.1, 2.0, "ms").is_err());
        assert_eq!(report.figures.len(), 7);
    }
}
