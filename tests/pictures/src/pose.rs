//! Where a label lies before the camera, and which place of it a pixel sees.

/// A label's place: flat, or around a bottle. The camera looks along z from the origin; the label's
/// middle lies `far` pixels away, so that there a module is `module` pixels wide.
#[derive(Debug, Clone)]
pub(crate) struct Pose {
    /// The label's middle in the picture, in pixels from the picture's middle.
    pub(crate) middle: (f32, f32),
    /// Width of a module in pixels.
    pub(crate) module: f32,
    /// Distance of the camera in pixels: the nearer, the stronger the perspective.
    pub(crate) far: f32,
    /// Turned about the axis of sight, the upright and the level axis, in radians.
    pub(crate) roll: f32,
    pub(crate) yaw: f32,
    pub(crate) pitch: f32,
    /// Radius of what it is glued around, in modules; infinite is flat.
    pub(crate) radius: f32,
}

/// A pose made ready for many pixels.
#[derive(Debug, Clone)]
pub(crate) struct Ready {
    /// Rows are the label's axes: right, down, away.
    axes: [[f32; 3]; 3],
    /// The camera as the label sees it, in modules.
    eye: [f32; 3],
    far: f32,
    radius: f32,
    middle: (f32, f32),
    module: f32,
}

impl Pose {
    pub(crate) fn ready(&self) -> Ready {
        let (sr, cr) = self.roll.sin_cos();
        let (sy, cy) = self.yaw.sin_cos();
        let (sp, cp) = self.pitch.sin_cos();
        // Columns of yaw times pitch times roll, written out.
        let right = [cy * cr + sy * sp * sr, cp * sr, -sy * cr + cy * sp * sr];
        let down = [-cy * sr + sy * sp * cr, cp * cr, sy * sr + cy * sp * cr];
        let away = [sy * cp, -sp, cy * cp];
        let centre =
            [self.middle.0 / self.module, self.middle.1 / self.module, self.far / self.module];
        let axes = [right, down, away];
        let eye = axes.map(|axis| -dot(axis, centre));
        Ready {
            axes,
            eye,
            far: self.far,
            radius: self.radius,
            middle: self.middle,
            module: self.module,
        }
    }
}

impl Ready {
    /// The label's place, in modules from its middle, that a pixel sees (counted from the picture's
    /// middle).
    pub(crate) fn seen(&self, x: f32, y: f32) -> Option<(f32, f32)> {
        let ray = [x / self.module, y / self.module, self.far / self.module];
        let [dx, dy, dz] = self.axes.map(|axis| dot(axis, ray));
        let [ex, ey, ez] = self.eye;
        if self.radius.is_infinite() {
            let t = -ez / dz;
            return (t > 0.0).then_some((ex + t * dx, ey + t * dy));
        }
        // A cylinder that touches the plane and lies behind it: x² + (z - r)² = r².
        let r = self.radius;
        let (a, b, c) =
            (dx * dx + dz * dz, ex * dx + (ez - r) * dz, ex * ex + (ez - r) * (ez - r) - r * r);
        let root = b * b - a * c;
        if root <= 0.0 {
            return None;
        }
        let t = (-b - root.sqrt()) / a;
        let (px, pz) = (ex + t * dx, ez + t * dz);
        (t > 0.0).then(|| (r * px.atan2(r - pz), ey + t * dy))
    }

    /// No pixel farther than this from the label's middle sees a label of that reach.
    pub(crate) fn bound(&self, reach: f32) -> f32 {
        let half = reach * self.module * std::f32::consts::SQRT_2;
        // What is nearer to the camera looks larger.
        half * self.far / (self.far - half).max(self.far / 4.0)
    }

    pub(crate) fn middle(&self) -> (f32, f32) {
        self.middle
    }
}

fn dot(a: [f32; 3], b: [f32; 3]) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pose() -> Pose {
        Pose {
            middle: (30.0, -20.0),
            module: 5.0,
            far: 900.0,
            roll: 0.4,
            yaw: 0.5,
            pitch: -0.3,
            radius: f32::INFINITY,
        }
    }

    #[test]
    fn the_middle_of_the_picture_of_a_label_is_its_middle() {
        for radius in [f32::INFINITY, 40.0] {
            let (u, v) = Pose { radius, ..pose() }.ready().seen(30.0, -20.0).unwrap();
            assert!(u.abs() < 1e-3 && v.abs() < 1e-3, "{u} {v}");
        }
    }

    #[test]
    fn a_label_that_faces_the_camera_is_drawn_to_scale() {
        let facing = Pose { roll: 0.0, yaw: 0.0, pitch: 0.0, ..pose() }.ready();
        let (u, v) = facing.seen(30.0 + 5.0, -20.0 + 10.0).unwrap();
        assert!((u - 1.0).abs() < 1e-3 && (v - 2.0).abs() < 1e-3, "{u} {v}");
    }

    #[test]
    fn axes_stand_upright_on_each_other() {
        let axes = pose().ready().axes;
        for (i, a) in axes.iter().enumerate() {
            for (j, b) in axes.iter().enumerate() {
                assert!((dot(*a, *b) - f32::from(u8::from(i == j))).abs() < 1e-5, "{axes:?}");
            }
        }
    }
}
