namespace BertSharp.Cli.Download;

/// <summary>
/// Fetches a model into the cache: listing, files one after the other, snapshot, reference. Every step leaves the cache valid;
/// what is there is not fetched again.
/// </summary>
/// <param name="settings">Where from, and where to.</param>
/// <param name="say">Is told why the run waits.</param>
/// <param name="report">Is told the bytes that this run fetched, and the share of the whole that is there.</param>
internal sealed class ModelDownload(HubSettings settings, Action<string> say, Action<long, double?> report)
{
    /// <summary>Fetches what is missing of a model.</summary>
    /// <exception cref="CliException">It cannot be had; the message says what to do.</exception>
    /// <exception cref="OperationCanceledException">The run is to end; the next one goes on from what is there.</exception>
    public async Task<DownloadResult> RunAsync(HubName asked, CancellationToken cancellation)
    {
        if (settings.Offline)
        {
            return Cached(asked);
        }

        using HubClient client = new(settings);
        (HubName name, ModelListing listing) = await new ListingDownload(client, say).RunAsync(asked, cancellation);
        IReadOnlyList<RemoteFile> files = Choose(name, listing);
        CachedModel model = new(settings.Cache, name.Name);
        List<DownloadedFile> downloaded = await FetchAsync(new BlobDownload(client, name, listing.Commit, say), model, listing.Commit, files, cancellation);
        using (await LockAsync(model.Lock(listing.Commit), name.Name, cancellation))
        {
            model.Place(listing.Commit, files, settings.Links);
            model.Refer(name.Revision, listing.Commit);
        }

        return new DownloadResult(name.Name, name.Revision, listing.Commit, model.Snapshot(listing.Commit), downloaded);
    }

    private DownloadResult Cached(HubName asked)
    {
        try
        {
            string folder = ModelFolder.Resolve($"{asked.Name}@{asked.Revision}", variable => variable == "HF_HUB_CACHE" ? settings.Cache : null);
            string[] files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
            return new DownloadResult(asked.Name, asked.Revision, Path.GetFileName(folder), folder, [.. files.Order(StringComparer.Ordinal).Select(file =>
                new DownloadedFile(Path.GetRelativePath(folder, file).Replace('\\', '/'), CachedModel.LengthOf(file) ?? 0, Fetched: false))]);
        }
        catch (CheckpointException)
        {
            throw new CliException($"{asked}: it is not in the cache ({settings.Cache}), and HF_HUB_OFFLINE forbids to fetch it; unset that, and try again");
        }
    }

    private IReadOnlyList<RemoteFile> Choose(HubName name, ModelListing listing)
    {
        IReadOnlyList<RemoteFile> files = ModelFiles.Select(listing.Files);
        if (files.Count == 0)
        {
            throw new CliException($"{name}: it has no file that is used here, such as config.json or model.safetensors; found {Some(listing)}");
        }

        if (!files.Any(ModelFiles.IsWeights))
        {
            say($"{name}: it has no weights that can be read here (model.safetensors), only {Some(listing)}; the rest is fetched. Its page may have a converted copy: try {name.Name}@refs/pr/1");
        }

        return files;
    }

    private static string Some(ModelListing listing) =>
        listing.Files.Count == 0 ? "nothing" : Shown.Of(string.Join(", ", listing.Files.Select(file => file.Name)));

    private async Task<List<DownloadedFile>> FetchAsync(BlobDownload blobs, CachedModel model, string commit, IReadOnlyList<RemoteFile> files, CancellationToken cancellation)
    {
        long whole = Math.Max(1, files.Sum(file => file.Size)), there = files.Sum(file => model.Present(commit, file)), fetched = 0;
        DiskSpace.Require(settings.Cache, whole - there);
        List<DownloadedFile> downloaded = [];
        foreach (RemoteFile file in files)
        {
            bool isMissing = !model.Has(commit, file);
            if (isMissing)
            {
                using IDisposable hold = await LockAsync(model.Lock(file.Hash), file.Name, cancellation);
                long before = model.Present(commit, file);
                isMissing = !model.Has(commit, file); // Another process may have fetched it meanwhile.
                if (isMissing)
                {
                    await blobs.RunAsync(file, model.Blob(file), present => report(fetched + Math.Max(0, present - before), (there + fetched + present - before) / (double)whole), cancellation);
                    fetched += file.Size - before;
                }
            }

            downloaded.Add(new DownloadedFile(file.Name, file.Size, isMissing));
        }

        return downloaded;
    }

    private Task<IDisposable> LockAsync(string path, string what, CancellationToken cancellation) =>
        FileLock.TakeAsync(path, () => say($"{what}: another process fetches it; waiting for that"), settings.Clock, cancellation);
}
