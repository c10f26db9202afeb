//! Differences between two texts, line by line, as other tools write and read them.

use std::fmt::Write;

/// Equal lines shown around a change.
const CONTEXT: usize = 3;
/// From this many changed lines on the shortest difference is not worth its price: everything in between is replaced.
const MAX_CHANGES: usize = 2_000;

/// A line of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Equal,
    Removed,
    Added,
}

/// A unified difference; empty if the texts are equal.
pub(super) fn unified(name: &str, old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let steps = steps(&old, &new);
    let mut out = String::new();
    let (mut at, mut a, mut b) = (0, 0, 0);
    while let Some(hunk) = next_hunk(&steps, at) {
        // Everything between two hunks is equal.
        let skipped = hunk.start - at;
        (a, b) = (a + skipped, b + skipped);
        if out.is_empty() {
            out = format!("--- {name}\n+++ {name}\n");
        }
        let count = |step: Step| steps[hunk.clone()].iter().filter(|s| **s != step).count();
        let (n_old, n_new) = (count(Step::Added), count(Step::Removed));
        _ = writeln!(out, "@@ -{} +{} @@", lines(a, n_old), lines(b, n_new));
        for step in &steps[hunk.clone()] {
            let (mark, line) = match step {
                Step::Equal => (' ', old[a]),
                Step::Removed => ('-', old[a]),
                Step::Added => ('+', new[b]),
            };
            a += usize::from(*step != Step::Added);
            b += usize::from(*step != Step::Removed);
            let end = if line.ends_with('\n') { "" } else { "\n\\ No newline at end of file\n" };
            _ = write!(out, "{mark}{line}{end}");
        }
        at = hunk.end;
    }
    out
}

fn lines(before: usize, n: usize) -> String {
    match n {
        0 => format!("{before},0"),
        1 => format!("{}", before + 1),
        _ => format!("{},{n}", before + 1),
    }
}

/// The next changes with their context, from a step on.
fn next_hunk(steps: &[Step], from: usize) -> Option<std::ops::Range<usize>> {
    let first = from + steps[from..].iter().position(|s| *s != Step::Equal)?;
    let mut end = first + 1;
    while let Some(n) = steps[end..].iter().take(2 * CONTEXT + 1).position(|s| *s != Step::Equal) {
        end += n + 1;
    }
    Some(first.saturating_sub(CONTEXT).max(from)..(end + CONTEXT).min(steps.len()))
}

fn steps(old: &[&str], new: &[&str]) -> Vec<Step> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[head..], &new[head..]);
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[..old.len() - tail], &new[..new.len() - tail]);
    let middle = shortest(old, new).unwrap_or_else(|| {
        let removed = std::iter::repeat_n(Step::Removed, old.len());
        removed.chain(std::iter::repeat_n(Step::Added, new.len())).collect()
    });
    let equal = |n| std::iter::repeat_n(Step::Equal, n);
    equal(head).chain(middle).chain(equal(tail)).collect()
}

/// The shortest difference, `None` if it is long.
///
/// Source: E. W. Myers, "An O(ND) difference algorithm and its variations", 1986, section 2.
fn shortest(old: &[&str], new: &[&str]) -> Option<Vec<Step>> {
    let max = (old.len() + new.len()).min(MAX_CHANGES);
    let offset = max + 1;
    let mut furthest = vec![0_usize; 2 * max + 3];
    let mut trace = Vec::new();
    for n_changes in 0..=max {
        trace.push(furthest[offset - n_changes..=offset + n_changes].to_vec());
        for k in (0..=2 * n_changes).step_by(2).map(|i| offset + i - n_changes) {
            let down = k == offset - n_changes || (k != offset + n_changes && furthest[k - 1] < furthest[k + 1]);
            let mut x = if down { furthest[k + 1] } else { furthest[k - 1] + 1 };
            let mut y = x + offset - k;
            while x < old.len() && y < new.len() && old[x] == new[y] {
                (x, y) = (x + 1, y + 1);
            }
            furthest[k] = x;
            if x >= old.len() && y >= new.len() {
                return Some(back(&trace, old.len(), new.len()));
            }
        }
    }
    None
}

/// Follows the trace from the end to the start.
fn back(trace: &[Vec<usize>], mut x: usize, mut y: usize) -> Vec<Step> {
    let mut steps = Vec::new();
    for (n_changes, furthest) in trace.iter().enumerate().skip(1).rev() {
        // `furthest[i]` belongs to the diagonal `i - n_changes`, and is what was known before this change.
        let k = x + n_changes - y;
        let down = k == 0 || (k != 2 * n_changes && furthest[k - 1] < furthest[k + 1]);
        let before = if down { k + 1 } else { k - 1 };
        let from_x = furthest[before];
        let from_y = from_x + n_changes - before;
        let moved = if down { from_x } else { from_x + 1 };
        steps.extend(std::iter::repeat_n(Step::Equal, x - moved));
        steps.push(if down { Step::Added } else { Step::Removed });
        (x, y) = (from_x, from_y);
    }
    steps.extend(std::iter::repeat_n(Step::Equal, x));
    debug_assert_eq!(x, y);
    steps.reverse();
    steps
}

#[cfg(test)]
mod tests {
    use super::unified;

    #[test]
    fn changes_with_three_lines_around() {
        let old = "a\nb\nc\nd\ne\nf\ng\nh\n";
        let new = "a\nb\nc\nd\nE\nf\ng\nh\ni";
        let wanted =
            "--- x\n+++ x\n@@ -2,7 +2,8 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n+i\n\\ No newline at end of file\n";
        assert_eq!(unified("x", old, new), wanted);
        assert_eq!(unified("x", old, old), "");
        assert_eq!(unified("x", "", "a\n"), "--- x\n+++ x\n@@ -0,0 +1 @@\n+a\n");
        assert_eq!(unified("x", "a\n", ""), "--- x\n+++ x\n@@ -1 +0,0 @@\n-a\n");
    }

    #[test]
    fn applying_a_difference_gives_the_new_text() {
        let mut seed = 7_u32;
        let mut text = || {
            (0..30)
                .map(|_| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    ["a\n", "b\n", "c\n"][(seed >> 16) as usize % 3]
                })
                .collect::<String>()
        };
        for _ in 0..200 {
            let (old, new) = (text(), text());
            assert_eq!(apply(&old, &unified("x", &old, &new)), new);
        }
    }

    fn apply(old: &str, diff: &str) -> String {
        let old: Vec<&str> = old.split_inclusive('\n').collect();
        let (mut out, mut at) = (String::new(), 0);
        for line in diff.split_inclusive('\n').skip(2) {
            let (mark, rest) = line.split_at(1);
            match mark {
                "@" => {
                    let numbers = rest.split(' ').nth(1).unwrap().trim_start_matches('-');
                    let (first, n) = numbers.split_once(',').unwrap_or((numbers, "1"));
                    let first: usize = first.parse().unwrap();
                    let start = if n == "0" { first } else { first - 1 };
                    out.extend(old[at..start].iter().copied());
                    at = start;
                }
                "+" => out.push_str(rest),
                "-" => at += 1,
                _ => {
                    assert_eq!(rest, old[at]);
                    out.push_str(rest);
                    at += 1;
                }
            }
        }
        out.extend(old[at..].iter().copied());
        out
    }
}
