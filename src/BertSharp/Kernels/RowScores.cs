using System.Runtime.CompilerServices;

namespace BertSharp;

/// <summary>
/// Scores of rows against queries: each is one sum in the order of <see cref="PartialSums"/>, so it has the bits of
/// <see cref="Similarity"/> at every width, whatever the other rows and queries are.
/// </summary>
internal static unsafe class RowScores
{
    // A tile of 4 queries and 2 rows keeps 8 sums in registers, beside 3 vectors of values: 16 registers hold it.
    private const int TileQueries = 4;
    private const int TileRows = 2;

    /// <summary>scores[q, r] ← the similarity of query q and row r; <see cref="SimilarityFunction.Cosine"/> takes vectors of length 1.</summary>
    /// <param name="function">The similarity.</param>
    /// <param name="rows">[R, dimension].</param>
    /// <param name="queries">[Q, dimension].</param>
    /// <param name="scores">[Q, R].</param>
    public static void Run(SimilarityFunction function, Matrix rows, Matrix queries, Matrix scores)
    {
        if (rows.Columns != queries.Columns || scores.Rows != queries.Rows || scores.Columns != rows.Rows)
        {
            throw new ArgumentException($"Shapes do not fit: rows [{rows.Rows}, {rows.Columns}], queries [{queries.Rows}, {queries.Columns}], scores [{scores.Rows}, {scores.Columns}].");
        }

        switch (function)
        {
            case SimilarityFunction.Cosine or SimilarityFunction.Dot: Simd.Run(new Kernel<ProductStep>(rows, queries, scores)); break;
            case SimilarityFunction.Euclidean: Simd.Run(new Kernel<SquaredDifferenceStep>(rows, queries, scores)); break;
            case SimilarityFunction.Manhattan: Simd.Run(new Kernel<AbsoluteDifferenceStep>(rows, queries, scores)); break;
            default: throw new ArgumentOutOfRangeException(nameof(function), function, "Not a similarity function.");
        }

        if (function is SimilarityFunction.Euclidean or SimilarityFunction.Manhattan)
        {
            Negate(scores, root: function == SimilarityFunction.Euclidean);
        }
    }

    private static void Negate(Matrix scores, bool root)
    {
        for (int q = 0; q < scores.Rows; q++)
        {
            foreach (ref float score in scores.RowSpan(q))
            {
                score = root ? -float.Sqrt(score) : -score;
            }
        }
    }

    private readonly struct Kernel<S>(Matrix rows, Matrix queries, Matrix scores) : IKernel
        where S : struct, IPairStep
    {
        public void Run<L, V>()
            where L : struct, ILane<V>
            where V : struct
        {
            int tiledQueries = queries.Rows / TileQueries * TileQueries, tiledRows = tiledQueries > 0 ? rows.Rows / TileRows * TileRows : 0;
            for (int r = 0; r < tiledRows; r += TileRows)
            {
                for (int q = 0; q < tiledQueries; q += TileQueries)
                {
                    Tile<L, V>(q, r);
                }
            }

            for (int r = 0; r < rows.Rows; r++)
            {
                Prefetch.BehindRow(rows.Row(r), r < tiledRows ? 0 : rows.Columns * sizeof(float));
                for (int q = r < tiledRows ? tiledQueries : 0; q < queries.Rows; q++)
                {
                    scores.Row(q)[r] = PartialSums.OfPairs<L, V, S>(queries.Row(q), rows.Row(r), rows.Columns);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Tile<L, V>(int query, int row)
            where L : struct, ILane<V>
            where V : struct
        {
            const int n = PartialSums.Sums;
            float* sums = stackalloc float[TileQueries * TileRows * n];
            float* q = queries.Row(query), x = rows.Row(row);
            nint stride = queries.Stride, next = rows.Stride;
            int length = rows.Columns;
            for (int lane = 0; lane < n; lane += L.Count)
            {
                V zero = L.Broadcast(0f), a = zero, b = zero, c = zero, d = zero, e = zero, f = zero, g = zero, h = zero;
                for (int i = lane; i <= length - L.Count; i += n)
                {
                    V x0 = L.Load(x + i), x1 = L.Load(x + next + i), y = L.Load(q + i);
                    a = S.Apply<L, V>(y, x0, a);
                    b = S.Apply<L, V>(y, x1, b);
                    y = L.Load(q + stride + i);
                    c = S.Apply<L, V>(y, x0, c);
                    d = S.Apply<L, V>(y, x1, d);
                    y = L.Load(q + (2 * stride) + i);
                    e = S.Apply<L, V>(y, x0, e);
                    f = S.Apply<L, V>(y, x1, f);
                    y = L.Load(q + (3 * stride) + i);
                    g = S.Apply<L, V>(y, x0, g);
                    h = S.Apply<L, V>(y, x1, h);
                }

                float* s = sums + lane;
                L.Store(a, s);
                L.Store(b, s + n);
                L.Store(c, s + (2 * n));
                L.Store(d, s + (3 * n));
                L.Store(e, s + (4 * n));
                L.Store(f, s + (5 * n));
                L.Store(g, s + (6 * n));
                L.Store(h, s + (7 * n));
            }

            for (int t = 0; t < TileQueries * TileRows; t++, sums += n)
            {
                float* y = queries.Row(query + (t / TileRows)), z = rows.Row(row + (t % TileRows));
                for (int i = length / L.Count * L.Count; i < length; i++)
                {
                    sums[i % n] = S.Apply<LaneScalar, float>(y[i], z[i], sums[i % n]);
                }

                scores.Row(query + (t / TileRows))[row + (t % TileRows)] = PartialSums.Fold(sums);
            }
        }
    }
}
