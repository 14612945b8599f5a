//! Reed-Solomon over GF(256) (ISO/IEC 18004, 7.5.2), with erasures.

/// Most check words of a block.
const CHECKS: usize = 32;

/// Most words of a block: 255 are possible, QR has fewer.
pub(super) const WORDS: usize = 255;

/// A polynomial of the locators: one more than the check words.
type Poly = [u8; CHECKS + 1];

/// Powers of the generator twice over, so that the sum of two logarithms needs no remainder.
static EXP: [u8; 512] = exp();
static LOG: [u8; 256] = log();

const fn exp() -> [u8; 512] {
    let mut table = [0; 512];
    let (mut value, mut i) = (1u16, 0);
    while i < 510 {
        table[i] = value as u8;
        value <<= 1;
        if value & 0x100 != 0 {
            value ^= 0x11d;
        }
        i += 1;
    }
    table
}

const fn log() -> [u8; 256] {
    let (exp, mut table, mut i) = (exp(), [0; 256], 0);
    while i < 255 {
        table[exp[i] as usize] = i as u8;
        i += 1;
    }
    table
}

fn mul(a: u8, b: u8) -> u8 {
    if a == 0 || b == 0 {
        return 0;
    }
    EXP[usize::from(LOG[usize::from(a)]) + usize::from(LOG[usize::from(b)])]
}

/// `b` is not zero.
fn div(a: u8, b: u8) -> u8 {
    if a == 0 {
        return 0;
    }
    EXP[usize::from(LOG[usize::from(a)]) + 255 - usize::from(LOG[usize::from(b)])]
}

/// Corrects a block whose last `checks` words are check words; `erased` are places that are known
/// to be bad. Returns how many words were wrong without having been erased, or `None` where the
/// block is beyond correction (it is then left as it was).
pub(super) fn correct(block: &mut [u8], checks: usize, erased: &[usize]) -> Option<usize> {
    if checks > CHECKS || erased.len() > checks || block.len() > WORDS || block.len() <= checks {
        return None;
    }
    let syndromes = syndromes(block, checks);
    if syndromes[..checks].iter().all(|value| *value == 0) {
        return Some(0);
    }
    let (locator, degree) = locator(&syndromes, checks, block.len(), erased)?;
    let errors = degree - erased.len();
    // Evaluator: syndromes times locator, cut off at the number of check words.
    let mut evaluator = [0; CHECKS];
    for (i, value) in evaluator[..checks].iter_mut().enumerate() {
        *value = (0..=i.min(degree)).fold(0, |sum, j| sum ^ mul(locator[j], syndromes[i - j]));
    }
    let (mut places, mut found) = ([(0, 0); CHECKS], 0);
    for place in 0..block.len() {
        let power = block.len() - 1 - place;
        let inverse = EXP[255 - power];
        if at(&locator[..=degree], inverse) != 0 {
            continue;
        }
        let mut slope = 0;
        for (i, value) in locator[..=degree].iter().enumerate().skip(1).step_by(2) {
            slope ^= mul(*value, EXP[(255 - power) * (i - 1) % 255]);
        }
        if slope == 0 || found == degree {
            return None;
        }
        let size = mul(EXP[power], div(at(&evaluator[..checks], inverse), slope));
        places[found] = (place, size);
        found += 1;
    }
    if found != degree {
        return None;
    }
    places[..found].iter().for_each(|(place, size)| block[*place] ^= size);
    // The algebra says so already; looked at again, since what comes out is called a reading.
    if self::syndromes(block, checks)[..checks].iter().any(|value| *value != 0) {
        places[..found].iter().for_each(|(place, size)| block[*place] ^= size);
        return None;
    }
    Some(errors)
}

fn syndromes(block: &[u8], checks: usize) -> [u8; CHECKS] {
    let mut syndromes = [0; CHECKS];
    for (i, value) in syndromes[..checks].iter_mut().enumerate() {
        *value = block.iter().fold(0, |sum, word| mul(sum, EXP[i]) ^ word);
    }
    syndromes
}

/// Value of a polynomial, lowest power first.
fn at(poly: &[u8], x: u8) -> u8 {
    poly.iter().rev().fold(0, |sum, value| mul(sum, x) ^ value)
}

/// Locator of errors and erasures by Berlekamp and Massey, begun with the erasures.
fn locator(
    syndromes: &[u8; CHECKS],
    checks: usize,
    length: usize,
    erased: &[usize],
) -> Option<(Poly, usize)> {
    let mut locator: Poly = [0; CHECKS + 1];
    locator[0] = 1;
    for (i, place) in erased.iter().enumerate() {
        let root = EXP[length.checked_sub(1 + place)?];
        for j in (1..=i + 1).rev() {
            locator[j] ^= mul(locator[j - 1], root);
        }
    }
    let (mut before, mut degree) = (locator, erased.len());
    for i in erased.len()..checks {
        let wrong = (0..=degree)
            .fold(0, |sum, j| sum ^ if j <= i { mul(locator[j], syndromes[i - j]) } else { 0 });
        before.copy_within(..CHECKS, 1);
        before[0] = 0;
        if wrong == 0 {
            continue;
        }
        let old = locator;
        (0..=CHECKS).for_each(|j| locator[j] ^= mul(wrong, before[j]));
        if 2 * degree <= i + erased.len() {
            degree = i + 1 + erased.len() - degree;
            (0..=CHECKS).for_each(|j| before[j] = div(old[j], wrong));
        }
    }
    let errors = degree.checked_sub(erased.len())?;
    let fits = 2 * errors + erased.len() <= checks && locator[degree] != 0;
    fits.then_some((locator, degree))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Data and its check words, by long division.
    fn encoded(data: &[u8], checks: usize) -> Vec<u8> {
        let mut generator = vec![1u8];
        // Index arithmetic is what the formula says.
        #[allow(clippy::needless_range_loop)]
        for i in 0..checks {
            let mut next = vec![0; generator.len() + 1];
            for (j, value) in generator.iter().enumerate() {
                next[j] ^= value;
                next[j + 1] ^= mul(*value, EXP[i]);
            }
            generator = next;
        }
        let mut rest = [data, &vec![0; checks]].concat();
        for i in 0..data.len() {
            let lead = rest[i];
            (0..=checks).for_each(|j| rest[i + j] ^= mul(generator[j], lead));
        }
        [data, &rest[data.len()..]].concat()
    }

    proptest! {
        #[test]
        fn half_as_many_errors_as_check_words_are_corrected(
            data in prop::collection::vec(any::<u8>(), 1..100),
            checks in 7usize..=30,
            damage in prop::collection::vec((any::<prop::sample::Index>(), 1u8..), 30),
            erased in 0usize..30,
        ) {
            let whole = encoded(&data, checks);
            let (mut block, mut places) = (whole.clone(), Vec::new());
            let erased = erased.min(checks);
            let errors = (checks - erased) / 2;
            for (index, change) in damage.iter().take(errors + erased) {
                let place = index.index(block.len());
                if !places.contains(&place) {
                    places.push(place);
                    block[place] ^= change;
                }
            }
            let known = places.len().min(erased);
            let wrong = correct(&mut block, checks, &places[..known]);
            prop_assert_eq!(&block, &whole);
            prop_assert_eq!(wrong, Some(if places.is_empty() { 0 } else { places.len() - known }));
        }

        #[test]
        fn arbitrary_blocks_never_panic(
            mut block in prop::collection::vec(any::<u8>(), 0..260),
            checks in 0usize..40,
            erased in prop::collection::vec(0usize..300, 0..40),
        ) {
            correct(&mut block, checks, &erased);
        }
    }
}
