using System.Buffers.Binary;
using System.Text;

namespace BertSharp.Tests;

/// <summary>The index file: what is saved is read, and each rule of docs/formats/index.md has an attack.</summary>
public sealed class IndexFileTests
{
    [Theory]
    [MemberData(nameof(SemanticIndexTests.Kinds), MemberType = typeof(SemanticIndexTests))]
    public void A_saved_index_finds_the_same_to_the_bit(IndexPrecision precision, SimilarityFunction similarity)
    {
        using CheckpointFiles files = new();
        foreach ((int count, int dimension) in new[] { (0, 3), (1, 1), (60, 9), (3000, 67) })
        {
            string path = files.Path("x.index");
            using SemanticIndex index = SmallIndexes.Of(SmallIndexes.Vectors(count, dimension), dimension, precision, similarity);
            index.Save(path);
            using SemanticIndex again = SemanticIndex.Load(path);
            Assert.Equal((count, dimension, precision, similarity, "some/model", ""), (again.Count, again.Dimension, again.Precision, again.Similarity, again.Model, again.Prompt));
            float[] query = Numbers.Array(dimension, 3);
            Assert.Equal(index.Search(query), again.Search(query));
            Assert.Equal(Enumerable.Range(0, count).Select(i => new IndexEntry($"id {i}", $"text {i}")), Enumerable.Range(0, count).Select(i => again[i]));
            string copy = files.Path("y.index");
            again.Save(copy);
            Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(copy));
        }
    }

    [Fact]
    public void Texts_of_every_kind_come_back()
    {
        using CheckpointFiles files = new();
        string[] texts = ["", "", "Zürich 狗 👩‍👩‍👧", "\0\n\t", new string('x', 3_000_000), "", "end", ""];
        using SemanticIndex index = SemanticIndex.Build(1, texts.Select(text => (new IndexEntry(text + "!", text), new[] { 1f })), new IndexOptions { Prompt = "passage: " });
        index.Save(files.Path("x"));
        using SemanticIndex again = SemanticIndex.Load(files.Path("x"));
        Assert.Equal(texts.Select(text => new IndexEntry(text + "!", text)), Enumerable.Range(0, texts.Length).Select(i => again[i]));
        Assert.Equal((null, "passage: "), (again.Model, again.Prompt));
        Assert.Equal(SimilarityFunction.Cosine, again.Similarity);
    }

    [Fact]
    public void A_stopped_save_leaves_the_old_file()
    {
        using CheckpointFiles files = new();
        string path = files.Write("x.index", "old");
        using SemanticIndex index = SmallIndexes.Of(SmallIndexes.Vectors(10, 4), 4);
        Assert.ThrowsAny<OperationCanceledException>(() => index.Save(path, new CancellationToken(canceled: true)));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(files.Folder));
    }

    [Theory]
    [InlineData("\"bertsharp_index\":\"1\"", "\"bertsharp_index\":\"2\"", "version 1")]
    [InlineData("\"bertsharp_index\":\"1\"", "\"other\":\"1\"", "no index")]
    [InlineData("\"precision\":\"binary\"", "\"precision\":\"int4\"", "float32, int8, binary")]
    [InlineData("\"precision\":\"binary\",", "", "float32, int8, binary")]
    [InlineData("\"precision\":\"binary\"", "\"precision\":\"float32\"", "F32")]
    [InlineData("\"similarity\":\"cosine\"", "\"similarity\":\"near\"", "cosine, dot, euclidean, manhattan")]
    [InlineData("\"vectors\":", "\"victors\":", "lacks")]
    [InlineData("\"scales\":", "\"scale\":", "lacks")]
    [InlineData("\"bits\":", "\"bit\":", "lacks")]
    [InlineData("\"ids\":", "\"id\":", "lacks")]
    [InlineData("\"texts.offsets\":", "\"texts.offset\":", "lacks")]
    [InlineData("\"shape\":[3,9]", "\"shape\":[27]", "2 dimensions")]
    [InlineData("\"shape\":[3,9]", "\"shape\":[9,3]", "[10]")]
    [InlineData("\"shape\":[3,9]", "\"shape\":[27,1]", "[28]")]
    [InlineData("\"shape\":[3,2]", "\"shape\":[2,3]", "[3, 2]")]
    [InlineData("\"F32\",\"shape\":[3]", "\"I32\",\"shape\":[3]", "F32")]
    [InlineData("\"I64\",\"shape\":[4]", "\"U64\",\"shape\":[4]", "I64")]
    public void A_header_that_breaks_a_rule_is_refused_by_name(string found, string replaced, string words)
    {
        using CheckpointFiles files = new();
        byte[] file = Saved(files, IndexPrecision.Binary);
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        string header = Encoding.UTF8.GetString(file, 8, length);
        Assert.Contains(found, header, StringComparison.Ordinal);
        byte[] changed = CheckpointFiles.Safetensors(header.Replace(found, replaced, StringComparison.Ordinal), 0);
        Assert.Contains(words, Refused(files, [.. changed, .. file.AsSpan(8 + length)]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ids.offsets", 0, 1, "from 0 to")]
    [InlineData("ids.offsets", 1, -1, "ascending")]
    [InlineData("ids.offsets", 1, 999, "ascending")]
    [InlineData("texts.offsets", 3, 999, "from 0 to")]
    [InlineData("texts.offsets", 2, long.MaxValue, "ascending")]
    [InlineData("texts.offsets", 2, long.MinValue, "ascending")]
    public void Offsets_that_do_not_ascend_are_refused(string tensor, int index, long value, string words)
    {
        using CheckpointFiles files = new();
        byte[] file = Saved(files, IndexPrecision.Float32);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan((int)Position(files, tensor) + (8 * index)), value);
        string message = Refused(files, file);
        Assert.Contains(tensor, message, StringComparison.Ordinal);
        Assert.Contains(words, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_that_are_not_utf8_are_refused()
    {
        using CheckpointFiles files = new();
        byte[] file = Saved(files, IndexPrecision.Int8);
        file[(int)Position(files, "texts") + 7] = 0xff;
        Assert.Contains("text 1 is not valid UTF-8", Refused(files, file), StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_are_not_numbers_come_last()
    {
        using CheckpointFiles files = new();
        byte[] file = Saved(files, IndexPrecision.Float32);
        BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan((int)Position(files, "vectors")), float.NaN);
        File.WriteAllBytes(files.Path("x"), file);
        using SemanticIndex index = SemanticIndex.Load(files.Path("x"));
        IReadOnlyList<SearchResult> results = index.Search(Numbers.Array(9, 2));
        Assert.Equal(("id 0", float.NegativeInfinity), (results[2].Id, results[2].Score));
    }

    [Fact]
    public void What_is_no_index_is_named()
    {
        using CheckpointFiles files = new();
        Assert.Contains("cannot be opened", Assert.Throws<CheckpointException>(() => SemanticIndex.Load(files.Path("none"))).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be opened", Assert.Throws<CheckpointException>(() => SemanticIndex.Load(files.Folder)).Message, StringComparison.Ordinal);
        Assert.Contains("zip", Refused(files, [.. "PK\u0003\u0004"u8, .. new byte[60]]), StringComparison.Ordinal);
    }

    private static byte[] Saved(CheckpointFiles files, IndexPrecision precision)
    {
        using SemanticIndex index = SmallIndexes.Of(SmallIndexes.Vectors(3, 9), 9, precision);
        index.Save(files.Path("x"));
        return File.ReadAllBytes(files.Path("x"));
    }

    private static long Position(CheckpointFiles files, string tensor)
    {
        using SafetensorsFile file = SafetensorsFile.Open(files.Path("x"));
        return file.Header.Tensors.Single(one => one.Name == tensor).Position;
    }

    private static string Refused(CheckpointFiles files, byte[] file)
    {
        File.WriteAllBytes(files.Path("x"), file);
        CheckpointException error = Assert.Throws<CheckpointException>(() => SemanticIndex.Load(files.Path("x")));
        Assert.StartsWith(files.Folder, error.Message, StringComparison.Ordinal);
        return error.Message;
    }
}
