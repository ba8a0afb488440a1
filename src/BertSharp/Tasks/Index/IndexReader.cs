using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace BertSharp;

/// <summary>
/// Reads an index file. Types, shapes and offsets are checked against each other before anything is sized by them; the
/// container's own rules are those of <see cref="SafetensorsHeader"/>.
/// </summary>
internal sealed class IndexReader : IDisposable
{
    private const int BufferBytes = 1 << 20;

    private readonly string _path;
    private readonly SafetensorsFile _file;

    private IndexReader(string path)
    {
        _path = path;
        _file = SafetensorsFile.Open(path);
    }

    /// <summary>Reads the whole file and closes it.</summary>
    public static SemanticIndex Read(string path)
    {
        using IndexReader reader = new(path);
        return reader.Read();
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private SemanticIndex Read()
    {
        IndexSettings settings = ReadSettings();
        TensorType type = settings.Precision == IndexPrecision.Float32 ? TensorType.Float32 : TensorType.Int8;
        TensorInfo vectors = FindOfRank(IndexFormat.Vectors, type, 2);
        if (vectors.Shape[0] >= Array.MaxLength || vectors.Shape[1] is < 1 or > IndexRows.MaxDimension)
        {
            throw Error(IndexFormat.Vectors, $"expected fewer than {Array.MaxLength} vectors of 1 … {IndexRows.MaxDimension} values, found {vectors.ShapeText}");
        }

        int count = (int)vectors.Shape[0];
        TextList ids = ReadTexts(IndexFormat.Ids, count), texts = ReadTexts(IndexFormat.Texts, count);
        IndexRows rows = IndexRows.Create(settings.Precision, settings.Similarity, (int)vectors.Shape[1]);
        try
        {
            ReadRows(rows, vectors, count);
            return new SemanticIndex(rows, ids, texts, settings);
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    private IndexSettings ReadSettings()
    {
        Dictionary<string, string> metadata = _file.Header.Metadata;
        if (!metadata.TryGetValue(IndexFormat.VersionKey, out string? version))
        {
            throw new CheckpointException(_path, $"is a safetensors file but no index: its metadata lacks '{IndexFormat.VersionKey}'. Make one with bert index");
        }

        return version == IndexFormat.Version
            ? new IndexSettings(
                (IndexPrecision)Choice(metadata, IndexFormat.PrecisionKey, IndexFormat.Precisions),
                (SimilarityFunction)Choice(metadata, IndexFormat.SimilarityKey, IndexFormat.Similarities),
                metadata.GetValueOrDefault(IndexFormat.ModelKey),
                metadata.GetValueOrDefault(IndexFormat.PromptKey, ""))
            : throw Error(IndexFormat.VersionKey, $"expected version {IndexFormat.Version}, found '{CheckpointException.Show(version)}'; build the index anew, or use a newer BertSharp");
    }

    private int Choice(Dictionary<string, string> metadata, string key, string[] names)
    {
        string found = metadata.GetValueOrDefault(key, "");
        int index = Array.IndexOf(names, found);
        return index >= 0 ? index : throw Error(key, $"expected one of {string.Join(", ", names)}, found '{CheckpointException.Show(found)}'");
    }

    private TensorInfo FindOfRank(string name, TensorType type, int rank)
    {
        TensorInfo tensor = _file.Header.Tensors.Find(tensor => tensor.Name == name) ?? throw Error(name, "the index lacks this tensor; build it anew");
        return tensor.DataType == type && tensor.Shape.Length == rank
            ? tensor
            : throw Error(name, $"expected {type.SafetensorsName()} of {rank} dimensions, found {tensor.DataType.SafetensorsName()} {tensor.ShapeText}");
    }

    private TensorInfo FindOfShape(string name, TensorType type, params ReadOnlySpan<long> shape)
    {
        TensorInfo tensor = FindOfRank(name, type, shape.Length);
        return tensor.Shape.AsSpan().SequenceEqual(shape)
            ? tensor
            : throw Error(name, $"expected shape [{string.Join(", ", shape.ToArray())}], found {tensor.ShapeText}");
    }

    private void ReadRows(IndexRows rows, TensorInfo vectors, int count)
    {
        int dimension = rows.Precise.Dimension;
        if (rows.Precise is FloatRows floats)
        {
            Stream(vectors, count, dimension * sizeof(float), row => row.CopyTo(MemoryMarshal.AsBytes(floats.Append())));
        }

        if (rows.Precise is Int8Rows bytes)
        {
            TensorInfo scales = FindOfShape(IndexFormat.Scales, TensorType.Float32, count);
            Stream(vectors, count, dimension, row => row.CopyTo(MemoryMarshal.AsBytes(bytes.Append(0))));
            int next = 0;
            Stream(scales, count, sizeof(float), row => bytes.Scale(next++) = MemoryMarshal.Read<float>(row));
        }

        if (rows.Scanned is BinaryRows bits)
        {
            int packed = (dimension + 7) / 8;
            Stream(FindOfShape(IndexFormat.Bits, TensorType.UInt8, count, packed), count, packed, row => row.CopyTo(bits.Append()));
        }
    }

    /// <summary>Reads rows through a buffer and hands them on one by one.</summary>
    private void Stream(TensorInfo tensor, int count, int rowBytes, Action<ReadOnlySpan<byte>> take)
    {
        int rows = Math.Max(1, BufferBytes / rowBytes);
        byte[] buffer = new byte[(int)Math.Min(rows, Math.Max(count, 1)) * rowBytes];
        for (int first = 0; first < count; first += rows)
        {
            Span<byte> bytes = buffer.AsSpan(0, Math.Min(rows, count - first) * rowBytes);
            _file.Read(tensor.Position + ((long)first * rowBytes), bytes);
            for (int at = 0; at < bytes.Length; at += rowBytes)
            {
                take(bytes.Slice(at, rowBytes));
            }
        }
    }

    private TextList ReadTexts(string name, int count)
    {
        TensorInfo bytes = FindOfRank(name, TensorType.UInt8, 1), positions = FindOfShape(name + IndexFormat.Offsets, TensorType.Int64, count + 1L);
        long[] offsets = new long[count + 1];
        TensorData.ReadInt64(_file, positions, offsets);
        if (offsets[0] != 0 || offsets[^1] != bytes.ByteCount)
        {
            throw Error(positions.Name, $"expected offsets from 0 to {bytes.ByteCount}, found {offsets[0]} to {offsets[^1]}");
        }

        for (int i = 0; i < count; i++)
        {
            long length = offsets[i + 1] - offsets[i];
            if (length < 0 || offsets[i + 1] > bytes.ByteCount || length > TextList.MaxBytes)
            {
                throw Error(positions.Name, $"text {i} is said to lie from byte {offsets[i]} to {offsets[i + 1]}; expected ascending offsets and at most {TextList.MaxBytes} bytes a text");
            }
        }

        return ReadTexts(bytes, offsets);
    }

    /// <summary>Reads texts through a buffer: those that end in it are cut out of it, the next one begins another.</summary>
    private TextList ReadTexts(TensorInfo bytes, long[] offsets)
    {
        TextList texts = new();
        byte[] buffer = [];
        long start = 0;
        for (int i = 0; i < offsets.Length - 1; i++)
        {
            if (offsets[i + 1] > start + buffer.Length)
            {
                start = offsets[i];
                buffer = new byte[(int)Math.Min(Math.Max(BufferBytes, offsets[i + 1] - start), bytes.ByteCount - start)];
                _file.Read(bytes.Position + start, buffer);
            }

            byte[] text = buffer[(int)(offsets[i] - start)..(int)(offsets[i + 1] - start)];
            texts.Add(Utf8.IsValid(text) ? text : throw Error(bytes.Name, $"text {i} is not valid UTF-8"));
        }

        return texts;
    }

    private CheckpointException Error(string field, string message) => new(_path, message, field);
}
