using System.Runtime.CompilerServices;

namespace BertSharp;

/// <summary>int8 panels for float32 arithmetic: a value is its whole number times the column's scale, rounded once.</summary>
/// <param name="panels">The whole numbers.</param>
/// <param name="scratch">Room for <see cref="BlockDepth"/> × 32 values, this thread's own.</param>
internal readonly unsafe struct Int8Blocks(Int8Panels panels, float* scratch) : IWeightBlocks<float>
{
    public static int BlockDepth => 256;

    public static int StepBytes => Panels.Width;

    public int Depth => panels.Depth;

    public int Columns => panels.Columns;

    public byte* Stored(int panel, int k) => (byte*)(panels.Panel(panel) + ((long)k / Int8Panels.Group * Panels.Width));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float* Load<L, V>(int panel, int k, int depth)
        where L : struct, ILane<V>
        where V : struct
    {
        for (int column = 0; column < Panels.Width; column += 2 * L.Count)
        {
            float* words = (float*)Stored(panel, k) + column, to = scratch + column, scales = panels.Scales + (panel * Panels.Width) + column;
            V scale = L.Load(scales), scale2 = L.Load(scales + L.Count);
            for (int step = 0; step < depth; step += Int8Panels.Group, words += Panels.Width, to += Int8Panels.Group * Panels.Width)
            {
                V four = L.Load(words), four2 = L.Load(words + L.Count);
                L.Store(L.Multiply(L.SignedByte(four, 0), scale), to);
                L.Store(L.Multiply(L.SignedByte(four2, 0), scale2), to + L.Count);
                L.Store(L.Multiply(L.SignedByte(four, 1), scale), to + Panels.Width);
                L.Store(L.Multiply(L.SignedByte(four2, 1), scale2), to + Panels.Width + L.Count);
                L.Store(L.Multiply(L.SignedByte(four, 2), scale), to + (2 * Panels.Width));
                L.Store(L.Multiply(L.SignedByte(four2, 2), scale2), to + (2 * Panels.Width) + L.Count);
                L.Store(L.Multiply(L.SignedByte(four, 3), scale), to + (3 * Panels.Width));
                L.Store(L.Multiply(L.SignedByte(four2, 3), scale2), to + (3 * Panels.Width) + L.Count);
            }
        }

        return scratch;
    }
}
