using System.Text;
using BertSharp.Cli.Download;

namespace BertSharp.Cli.Tests.Download;

/// <summary>The Hub's listing of a model, and what hostile ones can do.</summary>
public sealed class ModelListingTests(ITestOutputHelper output)
{
    private static readonly string Sha1 = new('a', 40), Sha256 = new('b', 64);

    [Fact]
    public void Size_and_hash_are_those_of_the_file_also_where_git_stores_a_pointer()
    {
        ModelListing listing = Parse($$"""
            {"sha":"{{Sha1}}","gated":false,"siblings":[
              {"rfilename":"config.json","size":5,"blobId":"{{Sha1}}"},
              {"rfilename":"a b/model.safetensors","size":134,"blobId":"{{Sha1}}","lfs":{"sha256":"{{Sha256}}","size":9000000000,"pointerSize":134} }]}
            """);
        Assert.Equal(Sha1, listing.Commit);
        Assert.Equal([new RemoteFile("config.json", 5, Sha1), new RemoteFile("a b/model.safetensors", 9_000_000_000, Sha256)], listing.Files);
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../evil")]
    [InlineData("a//b")]
    [InlineData("./a")]
    [InlineData("a/")]
    [InlineData("")]
    [InlineData("C:\\evil")]
    [InlineData("a\\b")]
    [InlineData("C:evil")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    public void A_name_that_leaves_the_folder_is_refused(string name) =>
        Refused($$"""{"sha":"{{Sha1}}","siblings":[{"rfilename":"config.json","size":5,"blobId":"{{Sha1}}"},{"rfilename":{{System.Text.Json.JsonSerializer.Serialize(name)}},"size":1,"blobId":"{{Sha1}}"}]}""", "siblings[1].rfilename", "inside the model's folder");

    [Theory]
    [InlineData("\"size\":5", "\"size\":-1", "siblings[0].size", "found -1")]
    [InlineData("\"size\":5", "\"size\":5.5", "siblings[0].size", "found 5.5")]
    [InlineData("\"size\":5", "\"size\":1e30", "siblings[0].size", "found 1e30")]
    [InlineData("\"size\":5", "\"size\":9223372036854775807", "siblings[0].size", "found 9223372036854775807")]
    [InlineData("\"size\":5,", "", "siblings[0].size", "expected a number of bytes;")]
    [InlineData("\"blobId\":\"a", "\"blobId\":\"../", "siblings[0].blobId", "40 hexadecimal digits")]
    [InlineData("\"blobId\":\"a", "\"blobId\":\"A", "siblings[0].blobId", "40 hexadecimal digits")]
    [InlineData("\"sha\":\"a", "\"sha\":\"", "sha", "40 hexadecimal digits")]
    [InlineData("[{", "{", "expected JSON", "HF_ENDPOINT")]
    [InlineData("\"rfilename\":\"", "\"rfilename\":\"\\ud800", "expected JSON", "HF_ENDPOINT")]
    public void A_field_that_cannot_be_is_named(string found, string replacement, string field, string words) =>
        Refused($$"""{"sha":"{{Sha1}}","siblings":[{"rfilename":"config.json","size":5,"blobId":"{{Sha1}}"}]}""".Replace(found, replacement, StringComparison.Ordinal), field, words);

    [Fact]
    public void A_file_that_is_there_twice_is_refused() =>
        Refused($$"""{"sha":"{{Sha1}}","siblings":[{"rfilename":"a","size":5,"blobId":"{{Sha1}}"},{"rfilename":"a","size":6,"blobId":"{{Sha1}}"}]}""", "siblings[1]", "'a' is there twice");

    [Fact]
    public void Every_truncation_is_refused()
    {
        byte[] whole = TinyModel.Listing(TinyModel.Files());
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Throws<CliException>(() => ModelListing.Parse(whole.AsMemory(0, length), "listing"));
        }

        Assert.Equal(TinyModel.Files().Count, ModelListing.Parse(whole, "listing").Files.Count);
    }

    [Fact]
    public void Random_listings_give_clear_errors_or_safe_files() => Fuzz(20_000);

    [Fact]
    [Trait("suite", "long")]
    public void A_million_random_listings_give_clear_errors_or_safe_files() => Fuzz(1_000_000);

    private void Fuzz(int inputs)
    {
        int seed = Random.Shared.Next(), valid = 0;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        byte[] whole = TinyModel.Listing(TinyModel.Files().Take(4).ToDictionary());
        string root = Path.GetFullPath(Path.GetTempPath());
        for (int i = 0; i < inputs; i++)
        {
            try
            {
                ModelListing listing = ModelListing.Parse(Mutate(whole, random), "listing");
                valid++;
                Assert.Equal(40, listing.Commit.Length);
                Assert.All(listing.Files, file => Assert.StartsWith(root, Path.GetFullPath(Path.Combine(root, file.Name)), StringComparison.Ordinal));
                Assert.All(listing.Files, file => Assert.True(file.Size >= 0 && file.Hash.All(char.IsAsciiHexDigitLower)));
                _ = ModelFiles.Select(listing.Files);
            }
            catch (CliException error)
            {
                Assert.DoesNotContain(error.Message, char.IsControl);
            }
        }

        output.WriteLine($"{valid} of {inputs} were valid");
        Assert.InRange(valid, inputs / 50, inputs - (inputs / 50));
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        string[] tokens = ["{", "}", "[", "]", ",", ":", "\"", "\\", "null", "-1", "1e99", "../", "/", "\\ud800", "\\u0000", "é", "\0", "[[[[["];
        List<byte> bytes = [.. seed];
        for (int n = 1 + random.Next(2); n > 0; n--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(3))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.InsertRange(at, Encoding.UTF8.GetBytes(tokens[random.Next(tokens.Length)])); break;
                default: bytes.RemoveRange(at, Math.Min(random.Next(8), bytes.Count - at)); break;
            }
        }

        return [.. bytes];
    }

    private static ModelListing Parse(string json) => ModelListing.Parse(Encoding.UTF8.GetBytes(json), "listing");

    private static void Refused(string json, params string[] words)
    {
        CliException error = Assert.Throws<CliException>(() => Parse(json));
        Assert.StartsWith("listing: ", error.Message, StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
        Assert.DoesNotContain(error.Message, char.IsControl);
    }
}
