namespace BertSharp;

/// <summary>bfloat16 panels: the tile widens what it loads, a value is the upper half of its float32.</summary>
internal readonly unsafe struct BFloat16Blocks(BFloat16Panels panels) : IWeightBlocks<ushort>
{
    public static int BlockDepth => Gemm.DepthBlock;

    public static int StepBytes => Panels.Width * sizeof(ushort);

    public int Depth => panels.Depth;

    public int Columns => panels.Columns;

    public byte* Stored(int panel, int k) => (byte*)(panels.Panel(panel) + ((long)k * Panels.Width));

    public ushort* Load<L, V>(int panel, int k, int depth)
        where L : struct, ILane<V>
        where V : struct
        => (ushort*)Stored(panel, k);
}
