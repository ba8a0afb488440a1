namespace BertSharp.Cli.Tests.Download;

/// <summary>What a server was asked, and how many bytes of a body it meant to send.</summary>
internal sealed class HubRequest(string path, IReadOnlyDictionary<string, string> headers)
{
    public string Path => path;

    /// <summary>The last part of the path, without the query.</summary>
    public string File => path.Split('?')[0].Split('/')[^1];

    public string? Authorization => Header("Authorization");

    /// <summary>The first byte that is asked for.</summary>
    public int From => Header("Range") is { } range ? int.Parse(range["bytes=".Length..].TrimEnd('-'), System.Globalization.CultureInfo.InvariantCulture) : 0;

    public int Sent { get; set; }

    private string? Header(string name) => headers.TryGetValue(name, out string? value) ? value : null;
}
