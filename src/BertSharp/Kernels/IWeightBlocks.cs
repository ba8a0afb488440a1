namespace BertSharp;

/// <summary>
/// The right-hand side of a product as <see cref="Gemm"/> walks it: blocks of a panel of 32 columns, k-major. Values that the
/// tile cannot load as they are stored are widened into scratch that stays in L1 while all tiles of rows pass over it.
/// </summary>
/// <typeparam name="W">What the tile loads: <c>float</c>, or <c>ushort</c> for bfloat16.</typeparam>
internal unsafe interface IWeightBlocks<W>
    where W : unmanaged
{
    /// <summary>Steps of k of one block.</summary>
    static abstract int BlockDepth { get; }

    /// <summary>Bytes of one step of k in memory, for 32 columns.</summary>
    static abstract int StepBytes { get; }

    /// <summary>Length K of the chains.</summary>
    int Depth { get; }

    /// <summary>Number N of outputs.</summary>
    int Columns { get; }

    /// <summary>Where a panel's steps from <paramref name="k"/> on lie in memory.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="k">A multiple of <see cref="BlockDepth"/>.</param>
    byte* Stored(int panel, int k);

    /// <summary>The values of a panel's steps <paramref name="k"/> … <paramref name="k"/> + <paramref name="depth"/> − 1.</summary>
    W* Load<L, V>(int panel, int k, int depth)
        where L : struct, ILane<V>
        where V : struct;
}
