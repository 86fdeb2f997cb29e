//! Small inline SVG charts: numbers in, coordinates out. No style attributes, so the content policy holds.

/// One cycle of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CycleFigure {
    /// Objects exported without failure.
    pub succeeded: u64,
    /// Objects that failed.
    pub failed: u64,
    /// What the bar says on hover: kind, moment, numbers.
    pub title: String,
}

/// A bar: the good part stands on the failed part. Heights in the chart's own units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// Left edge.
    pub x: usize,
    /// Top of the good part.
    pub good_y: u64,
    /// Height of the good part.
    pub good_height: u64,
    /// Top of the failed part.
    pub bad_y: u64,
    /// Height of the failed part.
    pub bad_height: u64,
    /// Whether the cycle had nothing to do.
    pub idle: bool,
    /// Text on hover.
    pub title: String,
}

/// Cycles as bars, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CycleHistory {
    /// The bars.
    pub bars: Vec<Bar>,
    /// Width of the view box.
    pub width: usize,
    /// Sentence for people who do not see the picture.
    pub summary: String,
}

/// Height of the chart in its own units.
const HEIGHT: u64 = 60;
/// Distance from one bar to the next.
const STEP: usize = 14;
/// Most cycles shown.
const MOST: usize = 40;

impl CycleHistory {
    /// The last 40 of `cycles`, oldest first. Heights grow with the square root: an initial cycle of thousands
    /// must not flatten the incremental ones to nothing.
    pub fn new(cycles: &[CycleFigure]) -> Self {
        let shown = &cycles[cycles.len().saturating_sub(MOST)..];
        let most = shown
            .iter()
            .map(|c| c.succeeded.saturating_add(c.failed))
            .max()
            .unwrap_or(0);
        let top = most.isqrt().max(1);
        let height = |count: u64| {
            if count == 0 {
                0
            } else {
                (count.isqrt() * HEIGHT / top).clamp(3, HEIGHT)
            }
        };
        let bars = shown.iter().enumerate().map(|(place, cycle)| {
            let total = cycle.succeeded.saturating_add(cycle.failed);
            let whole = height(total).max(if total == 0 { 2 } else { 0 });
            let bad_height = match (cycle.failed, cycle.succeeded) {
                (0, _) => 0,
                (_, 0) => whole,
                (failed, _) => (whole.saturating_mul(failed) / total).clamp(2, whole - 1),
            };
            Bar {
                x: place * STEP,
                good_y: HEIGHT - whole,
                good_height: whole - bad_height,
                bad_y: HEIGHT - bad_height,
                bad_height,
                idle: total == 0,
                title: cycle.title.clone(),
            }
        });
        let failing = shown.iter().filter(|cycle| cycle.failed > 0).count();
        Self {
            bars: bars.collect(),
            width: MOST * STEP,
            summary: format!("{} cycles, {failing} with failures", shown.len()),
        }
    }
}

/// A line of 120 by 24 units with its last value as text beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sparkline {
    /// `points` of the polyline.
    pub points: String,
    /// The last value with its unit.
    pub last: String,
}

impl Sparkline {
    /// A line through `values`; `last` is the text beside it.
    pub fn new(values: &[u32], last: impl Into<String>) -> Self {
        let most = u64::from(values.iter().copied().max().unwrap_or(0).max(1));
        let gaps = u64::try_from(values.len().saturating_sub(1).max(1)).unwrap_or(u64::MAX);
        let points: Vec<String> = (0u64..)
            .zip(values)
            .map(|(place, value)| {
                format!(
                    "{},{}",
                    place * 120 / gaps,
                    23 - u64::from(*value) * 22 / most
                )
            })
            .collect();
        Self {
            points: points.join(" "),
            last: last.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cycle(succeeded: u64, failed: u64) -> CycleFigure {
        CycleFigure {
            succeeded,
            failed,
            title: String::new(),
        }
    }

    #[test]
    fn bars_stand_on_the_ground_and_a_failure_is_never_invisible() {
        let history =
            CycleHistory::new(&[cycle(100_000, 1), cycle(1, 0), cycle(0, 0), cycle(0, 7)]);
        for bar in &history.bars {
            assert_eq!(bar.bad_y + bar.bad_height, HEIGHT);
            assert_eq!(bar.good_y + bar.good_height, bar.bad_y);
        }
        assert_eq!(history.bars[0].bad_height, 2);
        assert!(history.bars[1].good_height >= 3);
        assert!(history.bars[2].idle);
        assert_eq!(history.bars[3].good_height, 0);
    }

    #[test]
    fn only_the_last_forty_cycles_are_drawn() {
        assert_eq!(CycleHistory::new(&vec![cycle(1, 0); 200]).bars.len(), 40);
        assert_eq!(CycleHistory::new(&[]).bars, []);
        assert_eq!(
            CycleHistory::new(&[cycle(u64::MAX, u64::MAX)]).bars.len(),
            1
        );
    }

    #[test]
    fn a_sparkline_spans_its_box() {
        assert_eq!(
            Sparkline::new(&[0, 5, 10], "10/s").points,
            "0,23 60,12 120,1"
        );
        assert_eq!(Sparkline::new(&[], "0/s").points, "");
        assert_eq!(Sparkline::new(&[u32::MAX], "x").points, "0,1");
    }
}
