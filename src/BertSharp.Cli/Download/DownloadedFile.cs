namespace BertSharp.Cli.Download;

/// <summary>A file of a downloaded model.</summary>
/// <param name="Name">The path inside the model's folder, with slashes.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Fetched">Whether this run fetched it, or the rest of it.</param>
internal sealed record DownloadedFile(string Name, long Size, bool Fetched);
