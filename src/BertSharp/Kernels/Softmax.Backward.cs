using System.Runtime.CompilerServices;

namespace BertSharp;

/// <content>
/// For p = softmax(s·x) and q = mask∘p: dX = s·(q∘dQ − p·Σⱼ qⱼ·dQⱼ), so the mask is not needed again.
/// </content>
internal static unsafe partial class Softmax
{
    /// <summary>Replaces every row of dQ [M, N] by that of dX.</summary>
    /// <param name="p">[M, N] what <see cref="Forward"/> gave.</param>
    /// <param name="q">[M, N] the same after dropout; <paramref name="p"/> itself where nothing was dropped.</param>
    /// <param name="dQ">[M, N]: becomes dX.</param>
    /// <param name="scale">s.</param>
    public static void Backward(Matrix p, Matrix q, Matrix dQ, float scale)
    {
        if (p.Rows != dQ.Rows || p.Columns != dQ.Columns || q.Rows != p.Rows || q.Columns != p.Columns)
        {
            throw new ArgumentException($"Shapes do not fit: p [{p.Rows}, {p.Columns}], q [{q.Rows}, {q.Columns}], dQ [{dQ.Rows}, {dQ.Columns}].");
        }

        Simd.Run(new BackwardKernel(p, q, dQ, scale));
    }

    private readonly struct BackwardKernel(Matrix p, Matrix q, Matrix dQ, float scale) : IKernel
    {
        public void Run<L, V>()
            where L : struct, ILane<V>
            where V : struct
        {
            // As in the forward pass: the sums of a few rows one after the other, so that their folds overlap.
            float* sums = stackalloc float[RowsTogether];
            for (int first = 0; first < p.Rows; first += RowsTogether)
            {
                int rows = Math.Min(RowsTogether, p.Rows - first);
                for (int r = 0; r < rows; r++)
                {
                    sums[r] = PartialSums.Dot<L, V>(q.Row(first + r), dQ.Row(first + r), p.Columns);
                }

                for (int r = 0; r < rows; r++)
                {
                    Row<L, V>(p.Row(first + r), q.Row(first + r), dQ.Row(first + r), sums[r]);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Row<L, V>(float* pRow, float* qRow, float* dRow, float sum)
            where L : struct, ILane<V>
            where V : struct
        {
            V sums = L.Broadcast(-sum), factor = L.Broadcast(scale), zero = L.Broadcast(0f);
            int i = 0, length = p.Columns;
            for (; i <= length - L.Count; i += L.Count)
            {
                V d = L.Fma(L.Load(qRow + i), L.Load(dRow + i), L.Multiply(L.Load(pRow + i), sums));
                L.Store(L.Multiply(d, factor), dRow + i);
            }

            if (i < length)
            {
                int left = length - i;
                V d = L.Fma(L.LoadFirst(qRow + i, left, zero), L.LoadFirst(dRow + i, left, zero), L.Multiply(L.LoadFirst(pRow + i, left, zero), sums));
                L.StoreFirst(L.Multiply(d, factor), dRow + i, length - i);
            }
        }
    }
}
