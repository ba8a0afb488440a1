using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BertSharp;

/// <summary>What the machine can do at most, measured now: the yardstick of every speed that is reported.</summary>
public static unsafe class MachinePeak
{
    private const int Chains = 12;
    private const long Steps = 20_000_000;
    private const int Runs = 5;

    /// <summary>Width in bits of the vectors that the kernels use.</summary>
    public static int VectorWidth => Simd.Width;

    /// <summary>
    /// GFLOP/s (two for each fused multiply-add) of a loop of twelve independent chains in registers, at the width in use, on
    /// <paramref name="threads"/> threads at once; the best of five runs of some tens of milliseconds.
    /// </summary>
    public static double MeasureFma(int threads)
    {
        (double seconds, int rented) = Fastest(new ChainJob(), threads);
        return 2.0 * Chains * Steps * (Simd.Width / 32) * rented / seconds / 1e9;
    }

    /// <summary>
    /// GOP/s (two for each multiplication and addition) of the instruction that multiplies int8 activations by int8 weights here
    /// (AVX-VNNI, or multiply-add of 16-bit numbers and the addition of its sums), in a loop of twelve independent chains in registers, on
    /// <paramref name="threads"/> threads at once; the best of five runs of some tens of milliseconds.
    /// </summary>
    public static double MeasureInt8(int threads)
    {
        (double seconds, int rented) = Fastest(new Int8ChainJob(), threads);
        int columns = Simd.UsesVnni ? Int8LaneVnni.Columns : Math.Max(1, Simd.Width / 64);
        return 2.0 * Int8Panels.Group * columns * Chains * Steps * rented / seconds / 1e9;
    }

    /// <summary>
    /// GB/s, read and written bytes both counted, of a copy of 128 MiB that <paramref name="threads"/> threads share; the best
    /// of five runs. Data that a cache holds moves faster.
    /// </summary>
    public static double MeasureMemory(int threads)
    {
        using CopyJob job = new();
        job.Touch();
        return CopyJob.Bytes / Fastest(job, threads).Seconds / 1e9;
    }

    private static (double Seconds, int Threads) Fastest(TeamJob job, int threads)
    {
        int rented = WorkerPool.Shared.Rent(threads);
        try
        {
            double best = double.PositiveInfinity;
            for (int run = 0; run < Runs; run++)
            {
                long start = Stopwatch.GetTimestamp();
                WorkerPool.Shared.Run(job, rented);
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
            }

            return (best, rented);
        }
        finally
        {
            WorkerPool.Shared.Return(rented);
        }
    }

    private sealed class Int8ChainJob : TeamJob
    {
        public override void Run(Team team)
        {
            float* sink = stackalloc float[16];
            switch (Simd.Width)
            {
                case >= 256 when Simd.UsesVnni: Int8Chains<Int8LaneVnni, Vector256<int>>(sink); break;
                case 512: Int8Chains<Int8Lane512, Vector512<int>>(sink); break;
                case 256: Int8Chains<Int8Lane256, Vector256<int>>(sink); break;
                case 128: Int8Chains<Int8Lane128, Vector128<int>>(sink); break;
                default: Int8Chains<Int8LaneScalar, long>(sink); break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Int8Chains<D, V>(float* sink)
        where D : struct, IInt8Lane<V>
        where V : struct
    {
        byte* source = stackalloc byte[64];
        V x = D.LoadActivations(source), w = D.LoadWeights((sbyte*)source + 16);
        V a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;

        // Each sum is the next step's operand: a product of constants would be computed once.
        for (long step = 0; step < Steps; step++)
        {
            a = D.MultiplyAdd(x, a, w);
            b = D.MultiplyAdd(x, b, w);
            c = D.MultiplyAdd(x, c, w);
            d = D.MultiplyAdd(x, d, w);
            e = D.MultiplyAdd(x, e, w);
            f = D.MultiplyAdd(x, f, w);
            g = D.MultiplyAdd(x, g, w);
            h = D.MultiplyAdd(x, h, w);
            i = D.MultiplyAdd(x, i, w);
            j = D.MultiplyAdd(x, j, w);
            k = D.MultiplyAdd(x, k, w);
            l = D.MultiplyAdd(x, l, w);
        }

        // Every sum is stored, so that no chain can be left out.
        D.Finish(a, b, sink[0], sink, sink, sink);
        D.Finish(c, d, sink[0], sink, sink, sink);
        D.Finish(e, f, sink[0], sink, sink, sink);
        D.Finish(g, h, sink[0], sink, sink, sink);
        D.Finish(i, j, sink[0], sink, sink, sink);
        D.Finish(k, l, sink[0], sink, sink, sink);
    }

    private sealed class ChainJob : TeamJob
    {
        public override void Run(Team team)
        {
            float sink;
            Simd.Run(new ChainKernel(&sink));
        }
    }

    private readonly struct ChainKernel(float* sink) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<L, V>()
            where L : struct, ILane<V>
            where V : struct
        {
            V x = L.Broadcast(0.999f), y = L.Broadcast(1e-6f);
            V a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
            for (long step = 0; step < Steps; step++)
            {
                a = L.Fma(a, x, y);
                b = L.Fma(b, x, y);
                c = L.Fma(c, x, y);
                d = L.Fma(d, x, y);
                e = L.Fma(e, x, y);
                f = L.Fma(f, x, y);
                g = L.Fma(g, x, y);
                h = L.Fma(h, x, y);
                i = L.Fma(i, x, y);
                j = L.Fma(j, x, y);
                k = L.Fma(k, x, y);
                l = L.Fma(l, x, y);
            }

            // The sum is stored, so that no chain can be left out.
            V sum = L.Add(L.Add(L.Add(a, b), L.Add(c, d)), L.Add(L.Add(L.Add(e, f), L.Add(g, h)), L.Add(L.Add(i, j), L.Add(k, l))));
            float* values = stackalloc float[16];
            L.Store(sum, values);
            *sink = values[0];
        }
    }
}
