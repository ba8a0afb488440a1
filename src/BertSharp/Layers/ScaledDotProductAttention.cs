namespace BertSharp;

/// <summary>
/// softmax(Q·Kᵀ / √D)·V for every head of every sequence (Vaswani et al. 2017, equation 1). Sequences are packed end to end,
/// so there is nothing to mask (padding that a batch keeps stands behind the keys); whole score rows, a block of queries at a time.
/// </summary>
internal static unsafe partial class ScaledDotProductAttention
{
    /// <summary>Computes this member's share of heads and query blocks of <see cref="Activations.Context"/>.</summary>
    /// <param name="a">Queries, keys and values; head n has the columns n·D … (n + 1)·D − 1.</param>
    /// <param name="rows">The rows of the sequences.</param>
    /// <param name="heads">Number N of heads.</param>
    /// <param name="probabilities">Receives [N, S, S] of every sequence, which has all queries then; may be null.</param>
    /// <param name="team">The threads that share the work.</param>
    public static void Forward(Activations a, in AttentionRows rows, int heads, float* probabilities, Team team)
    {
        (Matrix query, Matrix key, Matrix value) = (a.Query, a.Key, a.Value);
        (int first, int count) = team.Share(Units(rows.Queries, heads));
        int unit = 0;
        int size = query.Columns / heads;
        for (int i = 0; i < rows.Count; i++)
        {
            int start = rows.Keys[i], length = rows.Keys[i + 1] - start, queryCount = rows.Queries[i + 1] - rows.Queries[i], blocks = Blocks(queryCount);
            Matrix queries = query.Slice(rows.Queries[i], queryCount), contexts = a.Context.Slice(rows.Queries[i], queryCount), keys = key.Slice(start, length), values = value.Slice(start, length);
            for (int head = 0; head < heads; head++, unit += blocks)
            {
                int from = Math.Max(first - unit, 0), to = Math.Min(first + count - unit, blocks);
                if (from < to)
                {
                    if (head + 1 < heads)
                    {
                        Prefetch.Rows(queries.SliceColumns((head + 1) * size, size));
                        Prefetch.Rows(keys.SliceColumns((head + 1) * size, size));
                        Prefetch.Rows(values.SliceColumns((head + 1) * size, size));
                    }

                    Head(
                        queries.SliceColumns(head * size, size),
                        keys.Slice(0, rows.Attended[i]).SliceColumns(head * size, size),
                        values.Slice(0, rows.Attended[i]).SliceColumns(head * size, size),
                        contexts.SliceColumns(head * size, size),
                        a.Scratch[team.Index],
                        new HeadDropout(a.Dropout, a.Layer, head, rows.Queries[i]),
                        probabilities == null ? null : probabilities + rows.Probabilities[i] + ((long)head * length * length),
                        from,
                        to,
                        team);
                }
            }
        }
    }

    private static int Blocks(int length) => (length + AttentionScratch.QueryBlock - 1) / AttentionScratch.QueryBlock;

    private static int Units(ReadOnlySpan<int> offsets, int heads)
    {
        int blocks = 0;
        for (int i = 0; i + 1 < offsets.Length; i++)
        {
            blocks += Blocks(offsets[i + 1] - offsets[i]);
        }

        return checked(blocks * heads);
    }

    /// <summary>The query blocks <paramref name="from"/> … <paramref name="to"/> − 1 of one head; queries are [S, D], keys and values those attended to.</summary>
    private static void Head(Matrix query, Matrix key, Matrix value, Matrix context, in AttentionScratch scratch, in HeadDropout dropout, float* probabilities, int from, int to, Team team)
    {
        int length = query.Rows, attended = key.Rows, size = query.Columns;
        Panels keys = new(scratch.KeyPanels, size, attended);
        Panels values = new(scratch.ValuePanels, attended, size);
        keys.PackRows(key, 0);
        values.PackColumns(value);
        team.End(Operation.AttentionPacking);
        float scale = 1f / float.Sqrt(size);
        for (int block = from; block < to; block++)
        {
            int row = block * AttentionScratch.QueryBlock;
            int rows = Math.Min(AttentionScratch.QueryBlock, length - row);
            Matrix scores = new(scratch.Scores, rows, attended, Arena.Stride(attended));
            Matrix queries = query.Slice(row, rows);
            Gemm.Run(queries, keys, null, scores, GemmEpilogue.None);
            team.End(Operation.AttentionScores);
            Softmax.Forward(scores, scale);
            for (int r = 0; probabilities != null && r < rows; r++)
            {
                Span<float> kept = new(probabilities + ((long)(row + r) * length), length);
                scores.RowSpan(r).CopyTo(kept);
                kept[attended..].Clear();
            }

            team.End(Operation.AttentionSoftmax);

            // In inference the context takes the place of the block's queries, which are no longer needed.
            dropout.Apply(scores, scores, row);
            Gemm.Run(scores, values, null, context.Slice(row, rows), GemmEpilogue.None);
            team.End(Operation.AttentionContext);
        }
    }
}
