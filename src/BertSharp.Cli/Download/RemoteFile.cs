using System.Security.Cryptography;

namespace BertSharp.Cli.Download;

/// <summary>A file of a model on the Hub.</summary>
/// <param name="Name">The path inside the model's folder, with slashes.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Hash">In hexadecimal digits: the SHA-256 of a large file (Git LFS, 64 digits), else the name that git gives its content (SHA-1, 40 digits). It is the file's ETag, and its name among the blobs.</param>
internal sealed record RemoteFile(string Name, long Size, string Hash)
{
    public const int Sha1Digits = 40;
    public const int Sha256Digits = 64;

    private const int BufferBytes = 1 << 20;

    /// <summary>The hash, of the same kind, of what a stream holds.</summary>
    public string HashOf(Stream content, CancellationToken cancellation)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(Hash.Length == Sha256Digits ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1);
        if (Hash.Length == Sha1Digits)
        {
            hash.AppendData(System.Text.Encoding.ASCII.GetBytes($"blob {content.Length}\0"));
        }

        byte[] buffer = new byte[BufferBytes];
        for (int read; (read = content.Read(buffer)) > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
