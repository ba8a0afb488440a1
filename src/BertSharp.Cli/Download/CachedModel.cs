namespace BertSharp.Cli.Download;

/// <summary>
/// One model in Hugging Face's cache, for writing (huggingface_hub, file_download.py): <c>blobs/HASH</c>,
/// <c>snapshots/COMMIT/FILE</c> → <c>../../blobs/HASH</c>, <c>refs/REVISION</c>, and <c>.locks</c> beside the models.
/// </summary>
internal sealed class CachedModel(string cache, string name)
{
    private readonly string _title = "models--" + name.Replace("/", "--", StringComparison.Ordinal);

    private string Folder => Path.Combine(cache, _title);

    public string Snapshot(string commit) => Path.Combine(Folder, "snapshots", commit);

    public string Blob(RemoteFile file) => Path.Combine(Folder, "blobs", file.Hash);

    /// <summary>The file that is locked while the blob or the snapshot of that name is written.</summary>
    public string Lock(string blobOrCommit) => Path.Combine(cache, ".locks", _title, blobOrCommit + ".lock");

    /// <summary>Whether the whole file is there: as a blob, or in the snapshot itself where there are no links.</summary>
    public bool Has(string commit, RemoteFile file) =>
        LengthOf(Blob(file)) == file.Size || LengthOf(InSnapshot(commit, file)) == file.Size;

    /// <summary>Bytes of the file that are there.</summary>
    public long Present(string commit, RemoteFile file) =>
        Has(commit, file) ? file.Size : LengthOf(BlobDownload.Partial(Blob(file))) is { } part && part <= file.Size ? part : 0;

    /// <summary>Makes the snapshot of files whose blobs are all there: appears whole, unless there was one that lacked some.</summary>
    public void Place(string commit, IReadOnlyList<RemoteFile> files, bool links)
    {
        if (Directory.Exists(Snapshot(commit)))
        {
            PutMissing(Snapshot(commit), commit, files, links);
            return;
        }

        string beside = Path.Combine(Folder, $"{commit}.{Guid.NewGuid():N}.tmp");
        Directory.CreateDirectory(beside);
        try
        {
            PutMissing(beside, commit, files, links);
            Directory.CreateDirectory(Path.GetDirectoryName(Snapshot(commit))!);
            Directory.Move(beside, Snapshot(commit));
        }
        catch
        {
            Directory.Delete(beside, recursive: true);
            throw;
        }
    }

    /// <summary>Lets a revision name the commit; last of all, so that a name resolves only when the model is whole.</summary>
    public void Refer(string revision, string commit)
    {
        string reference = Path.Combine(Folder, "refs", Native(revision));
        if (revision == commit || (File.Exists(reference) && File.ReadAllText(reference) == commit))
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(reference)!);
        string beside = $"{reference}.{Guid.NewGuid():N}.tmp";
        File.WriteAllText(beside, commit);
        File.Move(beside, reference, overwrite: true);
    }

    /// <summary>Bytes of a file, of what it links to where it is a link; null where there is none.</summary>
    public static long? LengthOf(string path) =>
        !File.Exists(path) ? null // A link that leads nowhere exists.
        : (File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path)) is FileInfo { Exists: true } file ? file.Length : null;

    private string InSnapshot(string commit, RemoteFile file) => Path.Combine(Snapshot(commit), Native(file.Name));

    private static string Native(string name) => name.Replace('/', Path.DirectorySeparatorChar);

    private void PutMissing(string folder, string commit, IReadOnlyList<RemoteFile> files, bool links)
    {
        foreach (RemoteFile file in files)
        {
            string path = Path.Combine(folder, Native(file.Name));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (LengthOf(path) != file.Size)
            {
                File.Delete(path); // Also a link that leads nowhere.
                string relative = Path.GetRelativePath(Path.GetDirectoryName(InSnapshot(commit, file))!, Blob(file));
                if (!links || !TryLink(path, relative))
                {
                    File.Copy(Blob(file), path);
                }
            }
        }
    }

    // Relative, so that the cache can be moved. Windows asks for a privilege to make links.
    private static bool TryLink(string path, string target)
    {
        try
        {
            File.CreateSymbolicLink(path, target);
            return true;
        }
        catch (Exception error) when (OperatingSystem.IsWindows() && error is (IOException or UnauthorizedAccessException))
        {
            return false;
        }
    }
}
