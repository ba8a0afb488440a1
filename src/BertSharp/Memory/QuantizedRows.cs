namespace BertSharp;

/// <summary>
/// Rows of activations as whole numbers −127 … 127 with one scale each, in memory that somebody else owns: as bytes n + 128
/// where the instruction multiplies unsigned by signed bytes, as 16-bit numbers elsewhere.
/// </summary>
/// <param name="Data">The first row; a row is filled up to a multiple of four values.</param>
/// <param name="Scales">One for each row; NaN for a row with a value that is not finite.</param>
/// <param name="First">The row of the whole matrix that stands first here.</param>
/// <param name="Count">Number of rows.</param>
/// <param name="Columns">Number of values.</param>
/// <param name="AreBytes">Bytes n + 128, or 16-bit numbers.</param>
internal readonly unsafe record struct QuantizedRows(nint Data, nint Scales, int First, int Count, int Columns, bool AreBytes)
{
    private const int Line = AlignedBuffer.Alignment;

    /// <summary>Bytes between the starts of two rows: an odd number of cache lines.</summary>
    public int Stride => (((Columns * (AreBytes ? 1 : 2)) + Line - 1) / Line | 1) * Line;

    /// <summary>Words of 32 bits that rows and their scales take.</summary>
    public long Size => Arena.VectorSize(Count) + (long)Count * Stride / sizeof(float);

    /// <summary>The first value of a row.</summary>
    public byte* Row(int row) => (byte*)Data + ((long)row * Stride);

    /// <summary>What a one is worth in a row.</summary>
    public float* Scale(int row) => (float*)Scales + row;
}
