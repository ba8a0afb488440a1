using System.Text;

namespace BertSharp.Cli.Tests.Download;

/// <summary>What a server answers, lies and failures included.</summary>
internal sealed record HubReply(int Status, byte[] Body)
{
    public HubReply(int status)
        : this(status, [])
    {
    }

    /// <summary>Header lines.</summary>
    public string[] Headers { get; init; } = [];

    /// <summary>Content-Length; by default the truth, none where negative.</summary>
    public long? Length { get; init; }

    /// <summary>Bytes of the body after which the connection ends.</summary>
    public int? BreakAfter { get; init; }

    /// <summary>Whether the connection stays open, and silent, where it would end.</summary>
    public bool Stalls { get; init; }

    /// <summary>The whole answer in place of all this.</summary>
    public byte[]? Raw { get; init; }

    public byte[] Bytes => Raw ?? [.. Encoding.Latin1.GetBytes(Head), .. Body.AsSpan(0, BreakAfter ?? Body.Length)];

    private string Head => string.Concat(
        ((string[])[$"HTTP/1.1 {Status} Some reason", "Connection: close", .. Length < 0 ? (string[])[] : [$"Content-Length: {Length ?? Body.Length}"], .. Headers, ""]).Select(line => line + "\r\n"));
}
