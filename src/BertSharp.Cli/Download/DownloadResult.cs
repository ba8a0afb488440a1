namespace BertSharp.Cli.Download;

/// <summary>A model that is in the cache now.</summary>
/// <param name="Name">The name that the Hub knows it by.</param>
/// <param name="Revision">What was asked for.</param>
/// <param name="Commit">What that is.</param>
/// <param name="Folder">The model's folder, for every <c>Load</c>.</param>
/// <param name="Files">Its files that are used.</param>
internal sealed record DownloadResult(string Name, string Revision, string Commit, string Folder, IReadOnlyList<DownloadedFile> Files);
