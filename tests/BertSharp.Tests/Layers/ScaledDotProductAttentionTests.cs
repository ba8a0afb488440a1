namespace BertSharp.Tests;

/// <summary>Attention over packed sequences between guard pages; slow twin: <see cref="Twin"/>, in double.</summary>
[Collection(Widths.Alone)]
public sealed unsafe class ScaledDotProductAttentionTests
{
    private const int Heads = 3;

    /// <summary>Sums of up to 130 products of numbers below 1, a softmax, and a mean: some 30 roundings of 2⁻²⁴.</summary>
    private const double Tolerance = 30 * 5.9604645e-8;

    public static TheoryData<int, int[]> Cases() => new()
    {
        { 1, [1] }, { 5, [1, 2, 47, 48, 49] }, { 13, [97, 1, 130] }, { 16, [3, 64] }, { 33, [50] }, { 64, [100, 17] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Context_and_probabilities_are_right_with_the_same_bits_at_every_width_and_for_every_team(int headSize, int[] lengths)
    {
        int tokens = lengths.Sum(), hidden = Heads * headSize;
        int[] offsets = [0, .. lengths.Select((_, i) => lengths.Take(i + 1).Sum())];
        long[] places = [.. lengths.Select((_, i) => lengths.Take(i).Sum(length => (long)Heads * length * length))];
        float[] q = Numbers.Array(tokens * hidden, 1), k = Numbers.Array(tokens * hidden, 2), v = Numbers.Array(tokens * hidden, 3);
        (double[] context, double[] probabilities) = Twin(q, k, v, offsets, headSize);
        using GuardedMemory query = new(tokens * hidden), key = new(tokens * hidden), value = new(tokens * hidden), kept = new(probabilities.Length);
        float[]? first = null, firstKept = null;
        Widths.ForEach(width =>
        {
            foreach (int members in new[] { 1, 2, 3, 7 })
            {
                Guard guard = members % 2 == 0 ? Guard.Below : Guard.Above;
                Matrix queries = Load(query, guard, q, tokens, hidden), keys = Load(key, guard, k, tokens, hidden), values = Load(value, guard, v, tokens, hidden);
                float* destination = kept.At(guard, probabilities.Length);
                new Span<float>(destination, probabilities.Length).Fill(float.NaN);
                using Arena arena = new(AttentionScratch.Size(lengths.Max(), headSize));
                AttentionScratch scratch = AttentionScratch.Take(arena, lengths.Max(), headSize);
                for (int index = 0; index < members; index++)
                {
                    ScaledDotProductAttention.Forward(Matrices(queries, keys, values, scratch), new AttentionRows(offsets, offsets, lengths, places), Heads, destination, new Team(index, members, null));
                }

                float[] actual = new Span<float>(queries.Row(0), tokens * hidden).ToArray(), actualKept = new Span<float>(destination, probabilities.Length).ToArray();
                first ??= actual;
                firstKept ??= actualKept;
                Numbers.AssertSameBits(first, actual, $"width {width}, {members} members");
                Numbers.AssertSameBits(firstKept, actualKept, $"probabilities, width {width}, {members} members");
            }
        });

        Assert.All(context.Zip(first!), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
        Assert.All(probabilities.Zip(firstKept!), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void First_tokens_that_ask_alone_get_the_context_that_they_get_among_all(int headSize, int[] lengths)
    {
        int tokens = lengths.Sum(), hidden = Heads * headSize, count = lengths.Length;
        int[] offsets = [0, .. lengths.Select((_, i) => lengths.Take(i + 1).Sum())], firsts = [.. Enumerable.Range(0, count + 1)];
        float[] q = Numbers.Array(tokens * hidden, 1), k = Numbers.Array(tokens * hidden, 2), v = Numbers.Array(tokens * hidden, 3);
        float[] asking = [.. Enumerable.Range(0, count).SelectMany(i => q.AsSpan(offsets[i] * hidden, hidden).ToArray())];
        using GuardedMemory query = new(tokens * hidden), key = new(tokens * hidden), value = new(tokens * hidden);
        using Arena arena = new(AttentionScratch.Size(lengths.Max(), headSize));
        AttentionScratch scratch = AttentionScratch.Take(arena, lengths.Max(), headSize);
        Matrix keys = Load(key, Guard.Above, k, tokens, hidden), values = Load(value, Guard.Above, v, tokens, hidden), queries = Load(query, Guard.Above, q, tokens, hidden);
        ScaledDotProductAttention.Forward(Matrices(queries, keys, values, scratch), new AttentionRows(offsets, offsets, lengths, []), Heads, null, Team.Alone);
        float[] expected = [.. Enumerable.Range(0, count).SelectMany(i => queries.RowSpan(offsets[i]).ToArray())];
        Widths.ForEach(width =>
        {
            foreach (int members in new[] { 1, 2, 3, 7 })
            {
                queries = Load(query, members % 2 == 0 ? Guard.Below : Guard.Above, asking, count, hidden);
                for (int index = 0; index < members; index++)
                {
                    ScaledDotProductAttention.Forward(Matrices(queries, keys, values, scratch), new AttentionRows(firsts, offsets, lengths, []), Heads, null, new Team(index, members, null));
                }

                Numbers.AssertSameBits(expected, new Span<float>(queries.Row(0), count * hidden), $"width {width}, {members} members");
            }
        });
    }

    /// <summary>As inference has them: the context stands over the queries.</summary>
    private static Activations Matrices(Matrix queries, Matrix keys, Matrix values, AttentionScratch scratch) =>
        new() { Query = queries, Key = keys, Value = values, Context = queries, Scratch = [.. Enumerable.Repeat(scratch, 7)] };

    private static Matrix Load(GuardedMemory memory, Guard guard, float[] values, int rows, int columns)
    {
        Matrix matrix = memory.Matrix(guard, rows, columns, columns);
        values.CopyTo(new Span<float>(matrix.Row(0), values.Length));
        return matrix;
    }

    /// <summary>Vaswani et al. 2017, equation 1, for each head of each sequence.</summary>
    private static (double[] Context, double[] Probabilities) Twin(float[] q, float[] k, float[] v, int[] offsets, int headSize)
    {
        int hidden = Heads * headSize;
        double[] context = new double[q.Length];
        List<double> probabilities = [];
        for (int i = 0; i + 1 < offsets.Length; i++)
        {
            int[] rows = [.. Enumerable.Range(offsets[i], offsets[i + 1] - offsets[i])];
            for (int head = 0; head < Heads; head++)
            {
                int[] columns = [.. Enumerable.Range(head * headSize, headSize)];
                foreach (int row in rows)
                {
                    double[] e = [.. rows.Select(other => Math.Exp(columns.Sum(c => (double)q[(row * hidden) + c] * k[(other * hidden) + c]) / Math.Sqrt(headSize)))];
                    double sum = e.Sum();
                    double[] p = [.. e.Select(value => value / sum)];
                    probabilities.AddRange(p);
                    foreach (int c in columns)
                    {
                        context[(row * hidden) + c] = rows.Zip(p, (other, weight) => weight * v[(other * hidden) + c]).Sum();
                    }
                }
            }
        }

        return (context, [.. probabilities]);
    }
}
