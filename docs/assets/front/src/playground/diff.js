// Which lines of a text are not in another.

const TOO_MUCH = 1_000_000;

/**
 * The numbers (from 1) of the lines in `now` that are not in `before`, in order; where lines are only
 * missing, that of the line which now stands in their place.
 */
export function changedLines(before, now) {
  const old = before.split("\n");
  const lines = now.split("\n");
  let start = 0;
  while (start < lines.length && start < old.length && lines[start] === old[start]) start++;
  let end = 0;
  const most = Math.min(lines.length, old.length) - start;
  while (end < most && lines[lines.length - 1 - end] === old[old.length - 1 - end]) end++;
  const middle = lines.slice(start, lines.length - end);
  const kept = common(old.slice(start, old.length - end), middle);
  const changed = middle.map((_, index) => start + index + 1).filter((number) => !kept.has(number - start - 1));
  return changed.length || before === now ? changed : [Math.min(start + 1, lines.length)];
}

/** The indexes in `b` of a longest common subsequence of two lists of lines. */
function common(a, b) {
  if (a.length * b.length > TOO_MUCH) return new Set();
  const length = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      length[i][j] = a[i] === b[j] ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
    }
  }
  const kept = new Set();
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      kept.add(j);
      i++;
      j++;
    } else if (length[i + 1][j] >= length[i][j + 1]) i++;
    else j++;
  }
  return kept;
}
