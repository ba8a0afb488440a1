using System.Runtime.CompilerServices;

namespace BertSharp.Benchmarks;

/// <summary>Reads native memory front to back on all threads and adds it up: the fastest that memory gives to this machine's cores.</summary>
internal sealed unsafe class BandwidthProbe : TeamJob, IDisposable
{
    private const int Unroll = 128;

    private readonly AlignedBuffer _memory;
    private readonly float[] _sums = new float[1024];

    public BandwidthProbe(long bytes)
    {
        _memory = new AlignedBuffer((bytes / sizeof(float)) + Unroll);
        for (long i = 0; i < _memory.Length; i++)
        {
            _memory.Pointer[i] = i & 15;
        }
    }

    /// <summary>Reads all of it once.</summary>
    public void Read()
    {
        int threads = WorkerPool.Shared.Rent(WorkerPool.Shared.Threads);
        WorkerPool.Shared.Run(this, threads);
        WorkerPool.Shared.Return(threads);
    }

    public override void Run(Team team)
    {
        (int first, int count) = team.Share((int)(_memory.Length / Unroll));
        float sum;
        Simd.Run(new Kernel(_memory.Pointer + ((long)first * Unroll), count, &sum));
        _sums[team.Index * 16] = sum;
    }

    public void Dispose() => _memory.Dispose();

    private readonly struct Kernel(float* values, int steps, float* result) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<L, V>()
            where L : struct, ILane<V>
            where V : struct
        {
            V a = L.Broadcast(0f), b = a, c = a, d = a;
            float* x = values;
            for (int step = 0; step < steps; step++, x += Unroll)
            {
                for (int i = 0; i < Unroll; i += 4 * L.Count)
                {
                    a = L.Add(a, L.Load(x + i));
                    b = L.Add(b, L.Load(x + i + L.Count));
                    c = L.Add(c, L.Load(x + i + (2 * L.Count)));
                    d = L.Add(d, L.Load(x + i + (3 * L.Count)));
                }
            }

            float* sums = stackalloc float[16];
            L.Store(L.Add(L.Add(a, b), L.Add(c, d)), sums);
            *result = sums[0];
        }
    }
}
