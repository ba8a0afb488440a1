using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace BertSharp;

/// <summary>
/// A teacher's embeddings of the lines of a file, each computed when it is first asked for, and kept: <c>BERTTEA1</c>, the SHA-256
/// of what they are made of, then for each line its float16 values and their CRC-32C. A row whose checksum is wrong, as that of
/// one that was never written or half written is, is computed again.
/// </summary>
internal sealed class TeacherEmbeddings : IDisposable
{
    private readonly FileStream _file;
    private readonly LineFile _lines;
    private readonly SentenceEmbedder _teacher;

    /// <summary>Opens a cache, or begins it anew where it is of another teacher or other lines.</summary>
    /// <param name="path">The file.</param>
    /// <param name="lines">The texts.</param>
    /// <param name="teacher">The folder of the teacher.</param>
    public TeacherEmbeddings(string path, LineFile lines, string teacher)
    {
        _lines = lines;
        _teacher = SentenceEmbedder.Load(teacher);
        try
        {
            _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
            Begin();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Values of a row.</summary>
    public int Dimension => _teacher.Dimension;

    private static ReadOnlySpan<byte> Magic => "BERTTEA1"u8;

    private static int HeaderBytes => Magic.Length + SHA256.HashSizeInBytes;

    private int ValueBytes => Dimension * sizeof(ushort);

    /// <summary>The embeddings of some lines.</summary>
    /// <param name="lines">Their numbers.</param>
    /// <param name="values">[lines, <see cref="Dimension"/>].</param>
    /// <param name="cancellation">Checked between blocks and layers.</param>
    public void Read(ReadOnlySpan<long> lines, Span<float> values, CancellationToken cancellation)
    {
        List<int> missing = [];
        for (int i = 0; i < lines.Length; i++)
        {
            if (!TryRead(lines[i], Row(values, i)))
            {
                missing.Add(i);
            }
        }

        if (missing.Count == 0)
        {
            return;
        }

        List<string> texts = [];
        foreach (int i in missing)
        {
            texts.Add(_lines[lines[i]]);
        }

        float[] vectors = new float[texts.Count * Dimension];
        _teacher.Embed(texts, vectors, cancellation: cancellation);
        for (int i = 0; i < missing.Count; i++)
        {
            Write(lines[missing[i]], Row(vectors, i), Row(values, missing[i]));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        _teacher.Dispose();
    }

    private void Begin()
    {
        string source = $"{_lines.Hash} {WeightHash.Of(_teacher.Model.Parameters, _teacher.Modules.Parameters)}";
        byte[] expected = [.. Magic, .. SHA256.HashData(Encoding.UTF8.GetBytes(source))], found = new byte[HeaderBytes];
        if (_file.ReadAtLeast(found, found.Length, throwOnEndOfStream: false) != found.Length || !found.AsSpan().SequenceEqual(expected))
        {
            _file.SetLength(0);
            _file.Position = 0;
            _file.Write(expected);
        }
    }

    private bool TryRead(long line, Span<float> values)
    {
        byte[] row = new byte[ValueBytes + sizeof(uint)];
        if (RandomAccess.Read(_file.SafeFileHandle, row, Start(line)) < row.Length
            || BinaryPrimitives.ReadUInt32LittleEndian(row.AsSpan(ValueBytes)) != ExampleShard.Checksum(row.AsSpan(0, ValueBytes)))
        {
            return false;
        }

        FloatConversion.ToFloat32(TensorType.Float16, row.AsSpan(0, ValueBytes), values);
        return true;
    }

    /// <summary>Writes a row, and gives its values as they will be read.</summary>
    private void Write(long line, ReadOnlySpan<float> exact, Span<float> rounded)
    {
        byte[] row = new byte[ValueBytes + sizeof(uint)];
        FloatConversion.FromFloat32(TensorType.Float16, exact, row.AsSpan(0, ValueBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(row.AsSpan(ValueBytes), ExampleShard.Checksum(row.AsSpan(0, ValueBytes)));
        RandomAccess.Write(_file.SafeFileHandle, row, Start(line));
        FloatConversion.ToFloat32(TensorType.Float16, row.AsSpan(0, ValueBytes), rounded);
    }

    private Span<float> Row(Span<float> matrix, int row) => matrix.Slice(row * Dimension, Dimension);

    private long Start(long line) => HeaderBytes + (line * (ValueBytes + sizeof(uint)));
}
