using System.Runtime.InteropServices;

namespace BertSharp.Tests;

/// <summary>Weights of one byte in a file: read with their scales, and refused by name where the two do not fit.</summary>
public sealed class Int8TensorsTests : IDisposable
{
    private const string Header = """{"w_scale":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},"w":{"dtype":"I8","shape":[3,4],"data_offsets":[12,24]}}""";

    private static readonly float[] Scales = [0.5f, 0, 3e-3f];
    private static readonly sbyte[] Weights = [1, -2, 127, -127, 5, 6, 7, 8, 0, 3, -1, 100];

    private readonly CheckpointFiles _files = new();

    [Fact]
    public void A_weight_is_its_whole_numbers_times_the_scale_of_their_row()
    {
        using Checkpoint checkpoint = Checkpoint.Open(Write(Scales, Weights));
        Assert.Equal(["w_scale", "w"], checkpoint.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([true, false], checkpoint.Tensors.Select(tensor => tensor.IsScale));
        Assert.True(checkpoint.TryFind("w", out TensorInfo weight));
        Assert.False(checkpoint.TryFind("w_scale", out _));
        Assert.Equal((TensorType.Int8, true, "w_scale"), (weight.DataType, weight.IsReadable, weight.Scale!.Name));
        float[] expected = [.. Weights.Select((value, i) => value * Scales[i / 4])];
        float[] whole = new float[12];
        checkpoint.Read(weight, whole);
        Assert.Equal(expected, whole);
        for (int first = 0; first < 12; first++)
        {
            for (int count = 0; count <= 12 - first; count++)
            {
                float[] piece = new float[count];
                checkpoint.ReadElements(weight, first, piece);
                Assert.Equal(expected[first..(first + count)], piece);
            }
        }

        sbyte[] row = new sbyte[8];
        float[] scales = new float[2];
        checkpoint.ReadInt8Rows(weight, 1, row, scales);
        Assert.Equal(Weights[4..], row);
        Assert.Equal(Scales[1..], scales);
    }

    [Fact]
    public void A_large_weight_is_the_same_read_whole_and_in_rows()
    {
        const int rows = 700, columns = 513;
        sbyte[] values = [.. Enumerable.Range(0, rows * columns).Select(i => (sbyte)((i * 37 % 255) - 127))];
        float[] scales = [.. Enumerable.Range(0, rows).Select(i => 1f / (i + 1))];
        string path = _files.Path("large.safetensors");
        CheckpointWriter.Save(path, Int8Tensors.Store("w", [rows, columns], (row, destination) =>
        {
            values.AsSpan(row * columns, columns).CopyTo(destination);
            return scales[row];
        }), new SaveOptions(), default);
        using Checkpoint checkpoint = Checkpoint.Open(path);
        Assert.True(checkpoint.TryFind("w", out TensorInfo weight));
        float[] whole = new float[values.Length], one = new float[columns];
        checkpoint.Read(weight, whole);
        for (int row = 0; row < rows; row++)
        {
            checkpoint.ReadRows(weight, row, 1, one);
            Assert.True(one.AsSpan().SequenceEqual(whole.AsSpan(row * columns, columns)));
            Assert.Equal(values[row * columns] * scales[row], one[0]);
            Assert.Equal(values[(row * columns) + columns - 1] * scales[row], one[^1]);
        }
    }

    [Theory]
    [InlineData("""{"w":{"dtype":"I8","shape":[3,4],"data_offsets":[0,12]}}""", 12)]
    [InlineData("""{"w_scale":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"I8","shape":[3,4],"data_offsets":[8,20]}}""", 20)]
    [InlineData("""{"w_scale":{"dtype":"F32","shape":[3,1],"data_offsets":[0,12]},"w":{"dtype":"I8","shape":[3,4],"data_offsets":[12,24]}}""", 24)]
    [InlineData("""{"w_scale":{"dtype":"F16","shape":[3],"data_offsets":[0,6]},"w":{"dtype":"I8","shape":[3,4],"data_offsets":[6,18]}}""", 18)]
    [InlineData("""{"w_scale":{"dtype":"F32","shape":[12],"data_offsets":[0,48]},"w":{"dtype":"I8","shape":[12],"data_offsets":[48,60]}}""", 60)]
    public void Whole_numbers_without_fitting_scales_are_no_weight(string header, int bytes)
    {
        using Checkpoint checkpoint = Checkpoint.Open(_files.Write("m.safetensors", CheckpointFiles.Safetensors(header, bytes)));
        Assert.True(checkpoint.TryFind("w", out TensorInfo weight));
        Assert.False(weight.IsReadable);
        Assert.DoesNotContain(checkpoint.Tensors, tensor => tensor.IsScale);
        Assert.Contains("found I8", Assert.Throws<CheckpointException>(() => checkpoint.Read(weight, new float[weight.Count])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN, "found NaN for row 1")]
    [InlineData(-0.5f, "found -0.5 for row 1")]
    [InlineData(float.PositiveInfinity, "found Infinity for row 1")]
    [InlineData(3e38f, "found 3E+38 for row 1")]
    public void A_scale_that_cannot_be_is_refused_by_name(float scale, string found)
    {
        using Checkpoint checkpoint = Checkpoint.Open(Write([1, scale, 1], Weights));
        CheckpointException error = Assert.Throws<CheckpointException>(() => checkpoint.Read(Find(checkpoint), new float[12]));
        Assert.Equal("w_scale", error.Tensor);
        Assert.Contains(found, error.Message, StringComparison.Ordinal);
        Assert.Contains("bert quantize", error.Message, StringComparison.Ordinal);
        checkpoint.ReadRows(Find(checkpoint), 0, 1, new float[4]);
    }

    [Fact]
    public void The_number_that_has_no_counterpart_is_refused()
    {
        sbyte[] values = [.. Weights];
        values[9] = -128;
        using Checkpoint checkpoint = Checkpoint.Open(Write(Scales, values));
        CheckpointException error = Assert.Throws<CheckpointException>(() => checkpoint.Read(Find(checkpoint), new float[12]));
        Assert.Equal("w", error.Tensor);
        Assert.Contains("found -128 in row 2", error.Message, StringComparison.Ordinal);
        Assert.Throws<CheckpointException>(() => checkpoint.ReadInt8Rows(Find(checkpoint), 0, new sbyte[12], new float[3]));
    }

    [Fact]
    public void Scales_may_lie_in_another_shard()
    {
        CheckpointWriter.Save(_files.Path("shards"), Int8Tensors.Store("w", [3, 4], (row, destination) =>
        {
            Weights.AsSpan(row * 4, 4).CopyTo(destination);
            return Scales[row];
        }), new SaveOptions { MaxShardBytes = 12 }, default);
        Assert.Equal(2, Directory.GetFiles(_files.Path("shards"), "*.safetensors").Length);
        using Checkpoint checkpoint = Checkpoint.Open(_files.Path("shards"));
        float[] whole = new float[12];
        checkpoint.Read(Find(checkpoint), whole);
        Assert.Equal(Weights[0] * Scales[0], whole[0]);
        Assert.Equal(Weights[11] * Scales[2], whole[11]);
    }

    [Fact]
    public void Every_truncation_and_every_change_of_one_byte_is_a_typed_error_or_finite_numbers()
    {
        byte[] valid = File.ReadAllBytes(Write(Scales, Weights));
        for (int length = 0; length < valid.Length; length++)
        {
            Assert.Throws<CheckpointException>(() => ReadAll(valid[..length]));
        }

        int read = 0;
        for (int at = 0; at < valid.Length; at++)
        {
            foreach (byte value in (byte[])[0, 1, 0x7f, 0x80, 0xff, (byte)'"', (byte)'9'])
            {
                byte[] changed = [.. valid];
                changed[at] = value;
                try
                {
                    Assert.All(ReadAll(changed), number => Assert.True(float.IsFinite(number)));
                    read++;
                }
                catch (CheckpointException)
                {
                }
            }
        }

        Assert.InRange(read, 24, valid.Length * 7);
    }

    public void Dispose() => _files.Dispose();

    private static TensorInfo Find(Checkpoint checkpoint) => checkpoint.Tensors.Single(tensor => tensor.Name == "w");

    // All int8 weights of a file, widened.
    private float[] ReadAll(byte[] content)
    {
        using Checkpoint checkpoint = Checkpoint.Open(_files.Write("fuzz.safetensors", content));
        List<float> all = [];
        foreach (TensorInfo tensor in checkpoint.Tensors.Where(tensor => tensor.Scale is not null))
        {
            float[] values = new float[tensor.Count];
            checkpoint.Read(tensor, values);
            all.AddRange(values);
        }

        return [.. all];
    }

    private string Write(float[] scales, sbyte[] values)
    {
        byte[] content = CheckpointFiles.Safetensors(Header, 24);
        MemoryMarshal.AsBytes<float>(scales).CopyTo(content.AsSpan(8 + Header.Length));
        MemoryMarshal.AsBytes<sbyte>(values).CopyTo(content.AsSpan(8 + Header.Length + 12));
        return _files.Write("m.safetensors", content);
    }
}
