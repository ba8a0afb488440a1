using System.Runtime.InteropServices;

namespace BertSharp.Tests;

/// <summary>A matrix over an array of this test, with a few values between its rows that nobody may touch.</summary>
internal sealed class PinnedMatrix : IDisposable
{
    private const int Gap = 3;
    private const float Untouched = 12345.5f;

    private readonly float[] _memory;
    private GCHandle _pin;

    public PinnedMatrix(int rows, int columns)
    {
        _memory = new float[rows * (columns + Gap)];
        _memory.AsSpan().Fill(Untouched);
        _pin = GCHandle.Alloc(_memory, GCHandleType.Pinned);
        Matrix = new Matrix(_pin.AddrOfPinnedObject(), rows, columns, columns + Gap);
    }

    public PinnedMatrix(ReadOnlySpan<float> values, int rows)
        : this(rows, values.Length / rows) => Set(values);

    public Matrix Matrix { get; }

    /// <summary>The values end to end.</summary>
    public float[] Values
    {
        get
        {
            for (int row = 0; row < Matrix.Rows; row++)
            {
                Assert.All(_memory[((row * Matrix.Stride) + Matrix.Columns)..((row + 1) * Matrix.Stride)], value => Assert.Equal(Untouched, value));
            }

            return [.. Enumerable.Range(0, Matrix.Rows).SelectMany(row => Matrix.RowSpan(row).ToArray())];
        }
    }

    public void Set(ReadOnlySpan<float> values)
    {
        for (int row = 0; row < Matrix.Rows; row++)
        {
            values.Slice(row * Matrix.Columns, Matrix.Columns).CopyTo(Matrix.RowSpan(row));
        }
    }

    public void Dispose() => _pin.Free();
}
