namespace BertSharp;

/// <summary>Float32 panels: read where they lie.</summary>
internal readonly unsafe struct Float32Blocks(Panels panels) : IWeightBlocks<float>
{
    public static int BlockDepth => Gemm.DepthBlock;

    public static int StepBytes => Panels.Width * sizeof(float);

    public int Depth => panels.Depth;

    public int Columns => panels.Columns;

    public byte* Stored(int panel, int k) => (byte*)(panels.Panel(panel) + ((long)k * Panels.Width));

    public float* Load<L, V>(int panel, int k, int depth)
        where L : struct, ILane<V>
        where V : struct
        => (float*)Stored(panel, k);
}
