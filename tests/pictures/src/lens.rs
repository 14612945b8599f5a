//! What light, lens and sensor do to a picture.

use crate::jpeg;
use crate::random::Random;

/// From the scene to the file.
#[derive(Debug, Clone)]
pub(crate) struct Lens {
    /// Deviation of the blur of a lens out of focus, in pixels.
    pub(crate) blur: f32,
    /// Way and direction of the camera during the exposure, in pixels.
    pub(crate) motion: (f32, f32),
    /// All light times this.
    pub(crate) exposure: f32,
    /// Less light from left to right and from top to bottom, as a share.
    pub(crate) slope: (f32, f32),
    /// A shadow's edge: its direction, its place (0 is the middle, 1 a corner), what light is left.
    pub(crate) shadow: Option<(f32, f32, f32)>,
    /// Reflections: place (0 to 1 in each direction), radius as a share of the width, light added.
    pub(crate) glare: Vec<((f32, f32), f32, f32)>,
    /// Deviation of the sensor's noise.
    pub(crate) noise: f32,
    /// Exponent of the brightness.
    pub(crate) gamma: f32,
    /// Quality of the file from 1 to 100; none means no loss.
    pub(crate) quality: Option<u8>,
}

impl Default for Lens {
    fn default() -> Self {
        Self {
            blur: 0.5,
            motion: (0.0, 0.0),
            exposure: 1.0,
            slope: (0.1, 0.1),
            shadow: None,
            glare: Vec::new(),
            noise: 2.0,
            gamma: 1.0,
            quality: Some(90),
        }
    }
}

impl Lens {
    /// The file's pixels from the scene's light.
    pub(crate) fn take(&self, width: usize, light: &mut Vec<f32>, random: &mut Random) -> Vec<u8> {
        self.lit(width, light);
        if self.motion != (0.0, 0.0) {
            *light = self.moved(width, light);
        }
        if self.blur > 0.0 {
            blur(width, light, self.blur);
        }
        let sensed = light.iter().map(|light| {
            let light = (light / 255.0).clamp(0.0, 1.0).powf(self.gamma) * 255.0;
            (light + self.noise * random.bell()).round().clamp(0.0, 255.0) as u8
        });
        let mut pixels: Vec<u8> = sensed.collect();
        if let Some(quality) = self.quality {
            jpeg::worn(width, &mut pixels, quality);
        }
        pixels
    }

    fn lit(&self, width: usize, light: &mut [f32]) {
        let height = light.len() / width;
        let (sin, cos) = self.shadow.map_or((0.0, 0.0), |(turn, _, _)| turn.sin_cos());
        for (y, row) in light.chunks_exact_mut(width).enumerate() {
            let v = y as f32 / height as f32;
            for (x, light) in row.iter_mut().enumerate() {
                let u = x as f32 / width as f32;
                let mut share = self.exposure * (1.0 - self.slope.0 * u) * (1.0 - self.slope.1 * v);
                if let Some((_, place, left)) = self.shadow {
                    let away = ((u - 0.5) * 2.0 * cos + (v - 0.5) * 2.0 * sin - place) * 12.0;
                    share *= 1.0 - (1.0 - left) * away.clamp(0.0, 1.0);
                }
                *light *= share;
                for ((gu, gv), radius, more) in &self.glare {
                    let (du, dv) = (u - gu, (v - gv) * height as f32 / width as f32);
                    *light += more * (-(du * du + dv * dv) / (radius * radius)).exp();
                }
            }
        }
    }

    fn moved(&self, width: usize, light: &[f32]) -> Vec<f32> {
        let height = light.len() / width;
        let steps = self.motion.0.hypot(self.motion.1).ceil().max(1.0) as i32;
        let mut sum = vec![0.0; light.len()];
        for step in 0..=steps {
            let share = step as f32 / steps as f32 - 0.5;
            let (dx, dy) = (
                (share * self.motion.0).round() as isize,
                (share * self.motion.1).round() as isize,
            );
            for y in 0..height {
                let from = y.saturating_add_signed(dy).min(height - 1) * width;
                for x in 0..width {
                    sum[y * width + x] += light[from + x.saturating_add_signed(dx).min(width - 1)];
                }
            }
        }
        sum.iter_mut().for_each(|sum| *sum /= (steps + 1) as f32);
        sum
    }
}

/// A bell's blur as three boxes in each direction.
fn blur(width: usize, light: &mut [f32], deviation: f32) {
    let height = light.len() / width;
    let weights = bell(deviation);
    let mut line = vec![0.0; width.max(height)];
    for row in light.chunks_exact_mut(width) {
        line[..width].copy_from_slice(row);
        for (x, out) in row.iter_mut().enumerate() {
            *out = weighed(&line[..width], x, &weights);
        }
    }
    let mut columns = light.to_vec();
    let reach = weights.len() as isize / 2;
    for y in 0..height {
        let out = &mut columns[y * width..][..width];
        out.fill(0.0);
        for (weight, step) in weights.iter().zip(-reach..) {
            let from = y.saturating_add_signed(step).min(height - 1) * width;
            out.iter_mut()
                .zip(&light[from..from + width])
                .for_each(|(out, light)| *out += weight * light);
        }
    }
    light.copy_from_slice(&columns);
}

fn bell(deviation: f32) -> Vec<f32> {
    let reach = (3.0 * deviation).ceil().max(1.0) as i32;
    let raw: Vec<f32> = (-reach..=reach)
        .map(|at| (-((at * at) as f32) / (2.0 * deviation * deviation)).exp())
        .collect();
    let sum: f32 = raw.iter().sum();
    raw.into_iter().map(|weight| weight / sum).collect()
}

fn weighed(line: &[f32], x: usize, weights: &[f32]) -> f32 {
    let reach = weights.len() / 2;
    if x >= reach && x + reach < line.len() {
        return line[x - reach..=x + reach]
            .iter()
            .zip(weights)
            .map(|(light, weight)| light * weight)
            .sum();
    }
    let at = |step: usize| line[(x + step).saturating_sub(reach).min(line.len() - 1)];
    weights.iter().enumerate().map(|(step, weight)| weight * at(step)).sum()
}
