using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace BertSharp;

/// <summary>
/// Asks for memory before it is needed. A loop that computes something for each row has fewer loads in flight than memory can
/// serve; it asks for the same bytes of the rows that it comes to some time later. Only advice, also past the end of memory.
/// </summary>
internal static unsafe class Prefetch
{
    private const int Line = 64;

    // Far enough to hide the latency of memory, near enough to stay in the L1 cache until it is used.
    private const int Ahead = 4096;

    /// <summary>Asks for the bytes that stand <see cref="Ahead"/> behind a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void BehindRow(void* row, int bytes)
    {
        if (Sse.IsSupported)
        {
            for (int i = 0; i < bytes; i += Line)
            {
                Sse.Prefetch0((byte*)row + Ahead + i);
            }
        }
    }

    /// <summary>Asks for the rows of a matrix, as far as the L2 cache.</summary>
    public static void Rows(Matrix matrix)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        int bytes = matrix.Columns * sizeof(float);
        for (int row = 0; row < matrix.Rows; row++)
        {
            byte* line = (byte*)matrix.Row(row);
            for (int i = 0; i < bytes; i += Line)
            {
                Sse.Prefetch1(line + i);
            }
        }
    }
}
