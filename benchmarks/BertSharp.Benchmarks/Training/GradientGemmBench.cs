using System.Diagnostics;

namespace BertSharp.Benchmarks;

internal static unsafe class GradientGemmBench
{
    public static void Run(int t, int m, int n)
    {
        using Arena arena = new(Arena.MatrixSize(t, m) + (2 * Arena.MatrixSize(t, n)) + (2 * Panels.Size(m, n)) + 1000);
        Matrix a = arena.TakeMatrix(t, m), b = arena.TakeMatrix(t, n), y = arena.TakeMatrix(t, n);
        Panels c = new((nint)arena.Take(Panels.Size(m, n)), m, n), w = new((nint)arena.Take(Panels.Size(m, n)), m, n);
        foreach (Matrix x in new[] { a, b })
        {
            for (int r = 0; r < x.Rows; r++) { x.RowSpan(r).Fill(0.001f * r); }
        }

        new Span<float>((void*)c.Data, (int)Panels.Size(m, n)).Clear();
        new Span<float>((void*)w.Data, (int)Panels.Size(m, n)).Clear();
        double grad = 1e9, gemm = 1e9, transpose = 1e9;
        Panels wt = new((nint)b.Data, n, m);
        for (int i = 0; i < 60; i++)
        {
            long s = Stopwatch.GetTimestamp();
            GradientGemm.Run(a, b, GradientTarget.Of(c), 0, c.Count);
            grad = Math.Min(grad, Stopwatch.GetElapsedTime(s).TotalSeconds);
            s = Stopwatch.GetTimestamp();
            Gemm.Run(a, w, null, y, GemmEpilogue.None);
            gemm = Math.Min(gemm, Stopwatch.GetElapsedTime(s).TotalSeconds);
            if (t >= m)
            {
                s = Stopwatch.GetTimestamp();
                wt.PackTransposed(w, 0, wt.Count);
                transpose = Math.Min(transpose, Stopwatch.GetElapsedTime(s).TotalSeconds);
            }
        }

        double peak = MachinePeak.MeasureFma(1) * 1e9, flop = 2.0 * t * m * n;
        Console.WriteLine($"{t} x {m} x {n}: gradient {flop / grad / peak:p1}, forward {flop / gemm / peak:p1}, transpose {transpose / gemm:p1} of forward; peak {peak / 1e9:f0}");
    }
}
