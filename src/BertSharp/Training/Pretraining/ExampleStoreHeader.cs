using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BertSharp;

/// <summary>
/// <c>examples.json</c> of a store: what it was made of and what its shards hold. Its hash stands for the whole content, as the
/// shards' own hashes are in it.
/// </summary>
internal sealed record ExampleStoreHeader(int IdBytes, int VocabSize, string VocabularyHash, long Tokens, bool NextSentence, JsonObject Origin, IReadOnlyList<ExampleShard> Shards)
{
    public const string FileName = "examples.json";

    private const int Version = 1;

    /// <summary>SHA-256 of a tokenizer's tokens: ids mean nothing without them.</summary>
    public static string HashOf(BertTokenizer tokenizer) =>
        Hex(SHA256.HashData(VocabularyText.Write(Enumerable.Range(0, tokenizer.VocabSize).Select(tokenizer.TokenOf))));

    /// <summary>A hash in the digits of sha256sum.</summary>
    public static string Hex(byte[] hash) => Convert.ToHexStringLower(hash);

    /// <summary>The bytes of the file.</summary>
    public byte[] Write() => Encoding.UTF8.GetBytes(JsonFile.ToText(new JsonObject
    {
        ["version"] = Version,
        ["id_bytes"] = IdBytes,
        ["vocab_size"] = VocabSize,
        ["vocab_sha256"] = VocabularyHash,
        ["tokens"] = Tokens,
        ["next_sentence"] = NextSentence,
        ["origin"] = Origin.DeepClone(),
        ["shards"] = new JsonArray([.. Shards.Select(shard => new JsonObject
        {
            ["file"] = shard.File,
            ["examples"] = shard.Examples,
            ["bytes"] = shard.Bytes,
            ["sha256"] = shard.Hash,
        })]),
    }));

    /// <summary>Reads and checks the file.</summary>
    /// <exception cref="CheckpointException">It is missing, or not what a store has.</exception>
    public static ExampleStoreHeader Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            throw new CheckpointException(folder, $"expected an example store, found no {FileName}; make one with bert pretrain-data");
        }

        using JsonDocument document = JsonFile.Parse(JsonFile.ReadText(path), path);
        JsonFields fields = new(document.RootElement, path);
        int idBytes = Required(fields, "id_bytes", fields.Integer("id_bytes"));
        if (fields.Integer("version") != Version || idBytes is not (2 or 4))
        {
            throw fields.Error("version", $"expected version {Version} with ids of 2 or 4 bytes; make the store anew");
        }

        JsonElement shards = Required(fields, "shards", fields.Find("shards"));
        if (shards.ValueKind != JsonValueKind.Array)
        {
            throw fields.Error("shards", $"expected a list, found {shards.ValueKind}");
        }

        return new ExampleStoreHeader(
            idBytes,
            Required(fields, "vocab_size", fields.Integer("vocab_size")),
            Required(fields, "vocab_sha256", fields.Text("vocab_sha256")),
            Long(fields, "tokens"),
            Required(fields, "next_sentence", fields.Flag("next_sentence")),
            [],
            [.. shards.EnumerateArray().Select(shard => ReadShard(new JsonFields(shard, path)))]);
    }

    private static ExampleShard ReadShard(JsonFields fields)
    {
        string file = Required(fields, "file", fields.Text("file"));
        return file == Path.GetFileName(file)
            ? new ExampleShard(file, Long(fields, "examples"), Long(fields, "bytes"), Required(fields, "sha256", fields.Text("sha256")))
            : throw fields.Error("file", $"expected the name of a file beside {FileName}, found {CheckpointException.Show(file)}");
    }

    private static T Required<T>(JsonFields fields, string key, T? value)
        where T : struct => value ?? throw fields.Error(key, "is missing; make the store anew");

    private static string Required(JsonFields fields, string key, string? value) => value ?? throw fields.Error(key, "is missing; make the store anew");

    private static long Long(JsonFields fields, string key) =>
        fields.Find(key) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out long number) && number >= 0
            ? number
            : throw fields.Error(key, "expected a whole number from 0 on; make the store anew");
}
