//! Which of the cameras is read: a system lists what is none too, as a chip's parts that scale or
//! compress pictures and a camera's second node that tells of them.

use super::CameraError;

/// A camera as the system lists it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Node {
    pub(super) index: u32,
    pub(super) name: String,
}

/// How reading one camera ended.
#[derive(Debug)]
pub(super) enum Ended {
    /// Nobody wants pictures any more.
    Stopped,
    /// It gave pictures until this happened.
    Lost(CameraError),
    /// It gave none.
    Blind(CameraError),
}

/// Goes through the cameras, round after round.
#[derive(Debug, Default)]
pub(super) struct Search {
    /// The one that gave pictures last.
    last: Option<Node>,
}

impl Search {
    /// Reads one after the other until one gives pictures, and that one until it gives no more.
    ///
    /// # Errors
    /// What happened to it. Where none gives any, one error for all of them: that of the node which
    /// most likely is a camera.
    pub(super) fn round(
        &mut self,
        cameras: Vec<Node>,
        mut read: impl FnMut(&Node) -> Ended,
    ) -> Result<(), CameraError> {
        let mut blind = Vec::new();
        for camera in self.in_order(cameras) {
            match read(&camera) {
                Ended::Stopped => return Ok(()),
                Ended::Lost(error) => {
                    self.last = Some(camera);
                    return Err(error);
                }
                Ended::Blind(error) => blind.push(error),
            }
        }
        Err(blind.into_iter().min_by_key(doubt).unwrap_or(CameraError::None))
    }

    /// The one that gave pictures last comes first, then what has its name: plugged in again it may
    /// have another number.
    fn in_order(&self, mut cameras: Vec<Node>) -> Vec<Node> {
        cameras.sort_by_key(|camera| match &self.last {
            Some(last) if last == camera => 0,
            Some(last) if last.name == camera.name => 1,
            _ => 2,
        });
        cameras
    }
}

/// How doubtful it is that what fails so is a camera.
fn doubt(error: &CameraError) -> u8 {
    match error {
        CameraError::Busy { .. } => 0,
        CameraError::Fails { .. } => 1,
        CameraError::None | CameraError::NotNamed { .. } | CameraError::NoFormat { .. } => 2,
    }
}

/// The cameras that may be read, in the system's order: all, or those whose name holds `wanted`, in
/// whatever case.
///
/// # Errors
/// [`CameraError::None`], and [`CameraError::NotNamed`] where none has that name.
pub(super) fn fitting(cameras: Vec<Node>, wanted: Option<&str>) -> Result<Vec<Node>, CameraError> {
    let Some(wanted) = wanted else {
        return if cameras.is_empty() { Err(CameraError::None) } else { Ok(cameras) };
    };
    let lower = wanted.to_lowercase();
    let (fit, others): (Vec<Node>, Vec<Node>) =
        cameras.into_iter().partition(|camera| camera.name.to_lowercase().contains(&lower));
    if !fit.is_empty() {
        return Ok(fit);
    }
    let got = others.into_iter().map(|camera| camera.name).collect();
    Err(CameraError::NotNamed { expected: wanted.to_owned(), got })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(index: u32, name: &str) -> Node {
        Node { index, name: name.into() }
    }

    /// A machine's camera among what is none.
    fn nodes() -> Vec<Node> {
        vec![node(0, "isp"), node(2, "codec"), node(4, "Webcam"), node(5, "Webcam"), node(6, "Eye")]
    }

    fn no_format(camera: &Node) -> Ended {
        Ended::Blind(CameraError::NoFormat { camera: camera.name.clone() })
    }

    fn unplugged(camera: &Node) -> CameraError {
        CameraError::Fails { camera: camera.name.clone(), why: "unplugged".into() }
    }

    /// One round in which these give pictures: the numbers that were tried, and what is told.
    fn round(
        search: &mut Search,
        cameras: Vec<Node>,
        give: &[u32],
    ) -> (Vec<u32>, Result<(), CameraError>) {
        let mut tried = Vec::new();
        let told = search.round(cameras, |camera| {
            tried.push(camera.index);
            match give.contains(&camera.index) {
                true => Ended::Lost(unplugged(camera)),
                false => no_format(camera),
            }
        });
        (tried, told)
    }

    #[test]
    fn every_camera_is_tried_until_one_gives_pictures() {
        let mut search = Search::default();
        let (tried, told) = round(&mut search, nodes(), &[4, 6]);
        assert_eq!((tried, told), (vec![0, 2, 4], Err(unplugged(&node(4, "Webcam")))));
    }

    #[test]
    fn after_the_last_one_it_starts_over() {
        let mut search = Search::default();
        let none = CameraError::NoFormat { camera: "isp".into() };
        for _ in 0..2 {
            let (tried, told) = round(&mut search, nodes(), &[]);
            assert_eq!((tried, told), (vec![0, 2, 4, 5, 6], Err(none.clone())));
        }
        assert_eq!(round(&mut search, nodes(), &[6]).0, [0, 2, 4, 5, 6]);
    }

    #[test]
    fn the_one_that_gave_pictures_last_comes_first() {
        let mut search = Search::default();
        assert_eq!(round(&mut search, nodes(), &[4]).0, [0, 2, 4]);
        assert_eq!(round(&mut search, nodes(), &[0, 4]).0, [4]);
        assert_eq!(round(&mut search, nodes(), &[]).0, [4, 5, 0, 2, 6]);
        // Plugged in again, under another number.
        let again = vec![node(0, "isp"), node(8, "Webcam")];
        assert_eq!(round(&mut search, again, &[0, 8]).0, [8]);
    }

    #[test]
    fn of_many_errors_that_of_a_camera_is_told() {
        let fails = |name: &str| unplugged(&node(0, name));
        let busy = CameraError::Busy { camera: "Webcam".into() };
        let told = |errors: &[(u32, &CameraError)]| {
            Search::default().round(nodes(), |camera| {
                let error = errors.iter().find(|(index, _)| *index == camera.index);
                error.map_or_else(|| no_format(camera), |(_, error)| Ended::Blind((*error).clone()))
            })
        };
        assert_eq!(told(&[(2, &fails("codec")), (4, &busy)]), Err(busy.clone()));
        assert_eq!(told(&[(2, &fails("codec")), (4, &fails("Webcam"))]), Err(fails("codec")));
    }

    #[test]
    fn whoever_is_told_to_stop_tries_no_other() {
        let mut tried = 0;
        let told = Search::default().round(nodes(), |_| {
            tried += 1;
            Ended::Stopped
        });
        assert_eq!((tried, told), (1, Ok(())));
    }

    #[test]
    fn those_with_the_name_that_was_asked_for_are_tried_and_no_other() {
        assert_eq!(fitting(nodes(), None), Ok(nodes()));
        let both = vec![node(4, "Webcam"), node(5, "Webcam")];
        assert_eq!(fitting(nodes(), Some("webCAM")), Ok(both));
        assert_eq!(fitting(Vec::new(), None), Err(CameraError::None));
        let got = nodes().into_iter().map(|camera| camera.name).collect();
        let expected = "Front".to_owned();
        assert_eq!(fitting(nodes(), Some("Front")), Err(CameraError::NotNamed { expected, got }));
    }
}
