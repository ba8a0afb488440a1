using System.Text.Json;

namespace BertSharp.Cli.Download;

/// <summary>
/// The Hub's answer to <c>GET /api/models/NAME/revision/REVISION?blobs=true</c>: the commit, and the files with size and hash.
/// </summary>
internal sealed record ModelListing(string Commit, IReadOnlyList<RemoteFile> Files)
{
    /// <summary>The longest answer that is read.</summary>
    public const int MostBytes = 1 << 25;

    private const int MostFiles = 100_000;
    private const int MostNameLength = 1024;
    private const long MostSize = 1L << 43;

    /// <summary>Reads the answer.</summary>
    /// <exception cref="CliException">It is not what the Hub answers; the message names <paramref name="source"/> and the field.</exception>
    public static ModelListing Parse(ReadOnlyMemory<byte> json, string source)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return new ModelListing(Hex(document.RootElement, "sha", RemoteFile.Sha1Digits, "sha", source), ReadFiles(document.RootElement, source));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // The second: a text that is not valid UTF-8 or UTF-16.
            throw new CliException($"{source}: expected JSON, found something else ({Shown.Of(error.Message)}); is HF_ENDPOINT right, and no proxy's page in between?");
        }
    }

    private static List<RemoteFile> ReadFiles(JsonElement root, string source)
    {
        if (!root.TryGetProperty("siblings", out JsonElement siblings) || siblings.ValueKind != JsonValueKind.Array || siblings.GetArrayLength() > MostFiles)
        {
            throw Error(source, "siblings", $"expected an array of at most {MostFiles} files", siblings);
        }

        List<RemoteFile> files = [];
        HashSet<string> names = [];
        foreach (JsonElement sibling in siblings.EnumerateArray())
        {
            RemoteFile file = ReadFile(sibling, $"siblings[{files.Count}]", source);
            files.Add(names.Add(file.Name) ? file : throw Error(source, $"siblings[{files.Count}]", $"'{Shown.Of(file.Name)}' is there twice", default));
        }

        return files;
    }

    private static RemoteFile ReadFile(JsonElement sibling, string field, string source)
    {
        if (sibling.ValueKind != JsonValueKind.Object)
        {
            throw Error(source, field, "expected an object", sibling);
        }

        string name = Field(sibling, "rfilename") is { ValueKind: JsonValueKind.String } text && text.GetString() is { } found && IsSafe(found)
            ? found
            : throw Error(source, field + ".rfilename", "expected a path inside the model's folder", Field(sibling, "rfilename"));
        return Field(sibling, "lfs") is { ValueKind: JsonValueKind.Object } lfs
            ? new RemoteFile(name, Size(lfs, field + ".lfs", source), Hex(lfs, "sha256", RemoteFile.Sha256Digits, field + ".lfs.sha256", source))
            : new RemoteFile(name, Size(sibling, field, source), Hex(sibling, "blobId", RemoteFile.Sha1Digits, field + ".blobId", source));
    }

    private static bool IsSafe(string name) =>
        name.Length is > 0 and <= MostNameLength
        && !name.Any(c => char.IsControl(c) || c is '\\' or ':')
        && name.Split('/').All(part => part is not ("" or "." or ".."));

    private static long Size(JsonElement owner, string field, string source) =>
        Field(owner, "size") is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out long size) && size is >= 0 and <= MostSize
            ? size
            : throw Error(source, field + ".size", "expected a number of bytes", Field(owner, "size"));

    private static string Hex(JsonElement owner, string key, int digits, string field, string source) =>
        owner.ValueKind == JsonValueKind.Object && Field(owner, key) is { ValueKind: JsonValueKind.String } value && value.GetString() is { } text && text.Length == digits && text.All(char.IsAsciiHexDigitLower)
            ? text
            : throw Error(source, field, $"expected a hash of {digits} hexadecimal digits", owner.ValueKind == JsonValueKind.Object ? Field(owner, key) : owner);

    private static JsonElement Field(JsonElement owner, string key) => owner.TryGetProperty(key, out JsonElement value) ? value : default;

    private static CliException Error(string source, string field, string expected, JsonElement found) => new(
        $"{source}: {field}: {expected}{(found.ValueKind == JsonValueKind.Undefined ? "" : $", found {Shown.Of(found.GetRawText())}")}; is HF_ENDPOINT right?");
}
