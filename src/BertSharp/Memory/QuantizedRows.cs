namespace BertSharp;

/// <summary>
/// Rows of activations as whole numbers with one scale each, in memory that somebody else owns. The numbers n of a row span at
/// most 255 from the least to the largest, 0 among them: they are held as bytes n − least where the instruction multiplies
/// unsigned by signed bytes, as 16-bit numbers n elsewhere.
/// </summary>
/// <param name="Data">The first row; a row is filled up to a multiple of four values.</param>
/// <param name="Scales">One for each row; NaN for a row with a value that is not finite.</param>
/// <param name="Zeros">One for each row: the byte that stands for 0.</param>
/// <param name="First">The row of the whole matrix that stands first here.</param>
/// <param name="Count">Number of rows.</param>
/// <param name="Columns">Number of values.</param>
/// <param name="AreBytes">Bytes n − least, or 16-bit numbers.</param>
internal readonly unsafe record struct QuantizedRows(nint Data, nint Scales, nint Zeros, int First, int Count, int Columns, bool AreBytes)
{
    private const int Line = AlignedBuffer.Alignment;

    /// <summary>Bytes between the starts of two rows: an odd number of cache lines.</summary>
    public int Stride => (((Columns * (AreBytes ? 1 : 2)) + Line - 1) / Line | 1) * Line;

    /// <summary>Words of 32 bits that rows and their scales take.</summary>
    public long Size => (2 * Arena.VectorSize(Count)) + ((long)Count * Stride / sizeof(float));

    /// <summary>The first value of a row.</summary>
    public byte* Row(int row) => (byte*)Data + ((long)row * Stride);

    /// <summary>What a one is worth in a row.</summary>
    public float* Scale(int row) => (float*)Scales + row;

    /// <summary>The byte that stands for 0 in a row.</summary>
    public int* Zero(int row) => (int*)Zeros + row;
}
