namespace BertSharp;

/// <content>
/// Backwards, with P the probabilities (computed again, a block of queries at a time) and P′ = mask∘P:
/// dV = P′ᵀ·dC, dP′ = dC·Vᵀ, dS = softmax backwards, dQ = dS·K, dK = dSᵀ·Q.
/// </content>
internal static unsafe partial class ScaledDotProductAttention
{
    /// <summary>
    /// Computes this member's share of heads: a whole head of a sequence each, since the gradients of keys and values are chains
    /// over its queries.
    /// </summary>
    /// <param name="a">What the forward pass kept.</param>
    /// <param name="g">The gradient of the context in <see cref="ActivationGradients.Query"/>, which becomes that of the queries; those of keys and values.</param>
    /// <param name="rows">The rows of the sequences; every token has a query.</param>
    /// <param name="heads">Number N of heads.</param>
    /// <param name="team">The threads that share the work.</param>
    public static void Backward(Activations a, ActivationGradients g, in AttentionRows rows, int heads, Team team)
    {
        int size = a.Query.Columns / heads;
        long before = 0, all = heads * Cost(rows, rows.Count);
        for (int i = 0; i < rows.Count; i++)
        {
            int start = rows.Keys[i], length = rows.Keys[i + 1] - start, attended = rows.Attended[i];
            for (int head = 0; head < heads; head++, before += (long)length * length)
            {
                if (before * team.Count / all != team.Index)
                {
                    continue;
                }

                Matrix Part(Matrix matrix, int count) => matrix.Slice(start, count).SliceColumns(head * size, size);
                Clear(Part(g.Key, length));
                Clear(Part(g.Value, length));
                HeadBackward(
                    (Part(a.Query, length), Part(a.Key, attended), Part(a.Value, attended)),
                    (Part(g.Query, length), Part(g.Key, attended), Part(g.Value, attended)),
                    g.Scratch[team.Index],
                    new HeadDropout(a.Dropout, a.Layer, head, start));
            }
        }
    }

    private static void HeadBackward(
        (Matrix Query, Matrix Key, Matrix Value) x, (Matrix Query, Matrix Key, Matrix Value) d, in AttentionGradientScratch scratch, in HeadDropout dropout)
    {
        int length = x.Query.Rows, attended = x.Key.Rows, size = x.Query.Columns, panels = (size + Panels.Width - 1) / Panels.Width;
        Panels keyRows = new(scratch.KeyRows, size, attended), valueRows = new(scratch.ValueRows, size, attended), keyColumns = new(scratch.KeyColumns, attended, size);
        keyRows.PackRows(x.Key, 0);
        valueRows.PackRows(x.Value, 0);
        keyColumns.PackColumns(x.Key);
        float scale = 1f / float.Sqrt(size);
        for (int row = 0; row < length; row += AttentionGradientScratch.QueryBlock)
        {
            int rows = Math.Min(AttentionGradientScratch.QueryBlock, length - row);
            Matrix queries = x.Query.Slice(row, rows), gradients = d.Query.Slice(row, rows);
            Matrix p = new(scratch.Probabilities, rows, attended, Arena.Stride(attended));
            Matrix kept = dropout.IsActive ? p with { Data = scratch.Kept } : p, dKept = p with { Data = scratch.Gradient };
            Gemm.Run(queries, keyRows, null, p, GemmEpilogue.None);
            Softmax.Forward(p, scale);
            dropout.Apply(p, kept, row);

            GradientGemm.Run(kept, gradients, GradientTarget.Of(d.Value), 0, panels);
            Gemm.Run(gradients, valueRows, null, dKept, GemmEpilogue.None);
            Softmax.Backward(p, kept, dKept, scale);
            GradientGemm.Run(dKept, queries, GradientTarget.Of(d.Key), 0, panels);

            // The block's part of dC is no longer needed: its queries' gradient takes its place.
            Gemm.Run(dKept, keyColumns, null, gradients, GemmEpilogue.None);
        }
    }

    private static long Cost(in AttentionRows rows, int count)
    {
        long cost = 0;
        for (int i = 0; i < count; i++)
        {
            long length = rows.Keys[i + 1] - rows.Keys[i];
            cost += length * length;
        }

        return cost;
    }

    private static void Clear(Matrix matrix)
    {
        for (int row = 0; row < matrix.Rows; row++)
        {
            matrix.RowSpan(row).Clear();
        }
    }
}
