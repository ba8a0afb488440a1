using System.Security.Cryptography;
using System.Text;

namespace BertSharp;

/// <summary>The sentences of text files, each once: those of 3 to 64 words, evenly thinned where there are more than asked for.</summary>
internal static class SentenceCollection
{
    private const int FewestWords = 3, MostWords = 64;

    /// <summary>Writes a sentence a line.</summary>
    /// <param name="files">Running text in UTF-8.</param>
    /// <param name="path">The file that is written, whole or not at all.</param>
    /// <param name="most">At most so many, in the files' order.</param>
    /// <exception cref="DataFileException">There is no sentence.</exception>
    /// <exception cref="InvalidDataException">A file is not UTF-8; names the line.</exception>
    public static void Write(IReadOnlyList<string> files, string path, int most)
    {
        int count = Distinct(files).Count();
        if (count == 0)
        {
            throw new DataFileException($"{string.Join(", ", files)}: there is no sentence of {FewestWords} to {MostWords} words in it; are these the right files?");
        }

        AtomicFile.Write(path, stream =>
        {
            // Line i is kept where i · most / count passes a whole number.
            long number = 0;
            foreach (string sentence in Distinct(files))
            {
                if (count <= most || number * most / count != (number + 1) * most / count)
                {
                    stream.Write(Encoding.UTF8.GetBytes(sentence + "\n"));
                }

                number++;
            }
        });
    }

    private static IEnumerable<string> Distinct(IReadOnlyList<string> files)
    {
        HashSet<UInt128> seen = [];
        foreach ((string sentence, _) in TextSentences.Read(files, TextLayout.Prose))
        {
            int words = sentence.AsSpan().Count(' ') + 1;
            if (words is >= FewestWords and <= MostWords && seen.Add(Key(sentence)))
            {
                yield return sentence;
            }
        }
    }

    // Half a SHA-256: two of some millions of sentences that share it are not to be met.
    private static UInt128 Key(string sentence) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(sentence)));
}
