//! Times to an answer in fixed classes: bounded, whatever comes.

use serde::{Deserialize, Serialize};

/// Upper bounds of the classes, in milliseconds; the last class has none.
const BOUNDS: [u32; 18] = [
    10, 20, 30, 50, 75, 100, 150, 200, 300, 400, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 8_000,
];

/// How many times fell into each class.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<u64>", into = "Vec<u64>")]
pub struct Histogram([u64; BOUNDS.len() + 1]);

impl Histogram {
    /// Counts one time.
    pub fn add(&mut self, ms: u32) {
        let class = BOUNDS.iter().position(|bound| ms <= *bound).unwrap_or(BOUNDS.len());
        self.0[class] = self.0[class].saturating_add(1);
    }

    /// How many were counted.
    pub fn count(&self) -> u64 {
        self.0.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// The bound that so many in a hundred stayed under; the last bound stands for all above it.
    pub fn under(&self, percent: u64) -> Option<u32> {
        let all = self.count();
        let wanted = u128::from(all) * u128::from(percent);
        let mut seen = 0_u128;
        for (class, count) in self.0.iter().enumerate() {
            seen += u128::from(*count) * 100;
            if all > 0 && seen >= wanted {
                return Some(BOUNDS[class.min(BOUNDS.len() - 1)]);
            }
        }
        None
    }

    /// Each bound with how many stayed under it, rising.
    pub fn rising(&self) -> impl Iterator<Item = (u32, u64)> {
        BOUNDS.into_iter().zip(self.0).scan(0_u64, |sum, (bound, count)| {
            *sum = sum.saturating_add(count);
            Some((bound, *sum))
        })
    }
}

/// A list of another length is cut or filled with nothing.
impl From<Vec<u64>> for Histogram {
    fn from(counts: Vec<u64>) -> Self {
        let mut all = Self::default();
        all.0.iter_mut().zip(counts).for_each(|(count, read)| *count = read);
        all
    }
}

impl From<Histogram> for Vec<u64> {
    fn from(all: Histogram) -> Self {
        all.0.to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_and_nineteen_in_twenty_are_bounds_that_were_not_passed() {
        let mut times = Histogram::default();
        assert_eq!(times.under(50), None);
        (0..90).for_each(|_| times.add(40));
        (0..10).for_each(|_| times.add(700));
        assert_eq!((times.count(), times.under(50), times.under(95)), (100, Some(50), Some(750)));
        times.add(u32::MAX);
        assert_eq!(times.under(100), Some(8_000));
        assert_eq!(times.rising().last(), Some((8_000, 100)));
    }

    #[test]
    fn a_list_of_another_length_is_read_as_far_as_it_goes() {
        let short: Histogram = serde_json::from_str("[1, 2]").unwrap();
        assert_eq!(short.count(), 3);
        let long: Histogram = serde_json::from_str(&format!("{:?}", vec![1; 99])).unwrap();
        assert_eq!(long.count(), 19);
    }
}
