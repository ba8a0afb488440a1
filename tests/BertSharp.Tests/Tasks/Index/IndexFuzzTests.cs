namespace BertSharp.Tests;

/// <summary>Damaged index files: a typed error, or an index that can be searched.</summary>
public sealed class IndexFuzzTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(IndexPrecision.Float32)]
    [InlineData(IndexPrecision.Int8)]
    [InlineData(IndexPrecision.Binary)]
    public void Every_truncation_is_refused_and_every_changed_byte_is_survived(IndexPrecision precision)
    {
        using CheckpointFiles files = new();
        byte[] file = Saved(files, precision, SimilarityFunction.Euclidean, 3, 5);
        for (int length = 0; length < file.Length; length++)
        {
            Assert.False(TryUse(files, file[..length]), $"{length} bytes");
        }

        for (int i = 0; i < file.Length; i++)
        {
            byte before = file[i];
            foreach (byte value in (byte[])[0, (byte)(before ^ 1), (byte)(before + 1), 0x80, 0xff])
            {
                file[i] = value;
                TryUse(files, file);
            }

            file[i] = before;
        }

        Assert.True(TryUse(files, file));
    }

    [Fact]
    public void Random_damage_gives_typed_errors_or_usable_indexes() => Fuzz(3_000);

    [Fact]
    [Trait("suite", "long")]
    public void A_million_damages_give_typed_errors_or_usable_indexes() => Fuzz(1_000_000);

    private void Fuzz(int inputs)
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        using CheckpointFiles files = new();
        byte[][] seeds = [.. from precision in Enum.GetValues<IndexPrecision>()
                             from similarity in Enum.GetValues<SimilarityFunction>()
                             select Saved(files, precision, similarity, random.Next(5), 1 + random.Next(20))];
        int valid = 0;
        for (int i = 0; i < inputs; i++)
        {
            valid += TryUse(files, Damage(seeds[random.Next(seeds.Length)], random)) ? 1 : 0;
        }

        output.WriteLine($"{valid} of {inputs} could be used");
        Assert.InRange(valid, inputs / 100, inputs / 2);
    }

    private static byte[] Damage(byte[] seed, Random random)
    {
        byte[] file = [.. seed];
        for (int i = 1 + random.Next(3); i > 0; i--)
        {
            int at = random.Next(file.Length);
            switch (random.Next(5))
            {
                case 0: file[at] = (byte)random.Next(256); break;
                case 1: file[at] = (byte)('0' + random.Next(10)); break; // Sizes and offsets are written in digits.
                case 2: file[at] ^= (byte)(1 << random.Next(8)); break;
                case 3: file = [.. file.AsSpan(0, at), .. file.AsSpan(Math.Min(file.Length, at + random.Next(9)))]; break;
                default: file = [.. file.AsSpan(0, at), (byte)random.Next(256), .. file.AsSpan(at)]; break;
            }
        }

        return file;
    }

    /// <summary>Loads a file and searches it; false for a typed error, anything else escapes to the test.</summary>
    private static bool TryUse(CheckpointFiles files, byte[] file)
    {
        string path = files.Write("fuzz", file);
        try
        {
            using SemanticIndex index = SemanticIndex.Load(path);
            Assert.InRange((long)index.Count * index.Dimension, 0, 8L * file.Length);
            IReadOnlyList<SearchResult> results = index.Search(new float[index.Dimension]);
            Assert.Equal(Math.Min(10, index.Count), results.Count);
            Assert.All(results, result => Assert.False(float.IsNaN(result.Score)));
            return true;
        }
        catch (CheckpointException)
        {
            return false;
        }
    }

    private static byte[] Saved(CheckpointFiles files, IndexPrecision precision, SimilarityFunction similarity, int count, int dimension)
    {
        using SemanticIndex index = SmallIndexes.Of(SmallIndexes.Vectors(count, dimension), dimension, precision, similarity);
        index.Save(files.Path("seed"));
        return File.ReadAllBytes(files.Path("seed"));
    }
}
