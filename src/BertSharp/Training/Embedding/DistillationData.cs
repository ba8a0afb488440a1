namespace BertSharp;

/// <summary>What a distillation keeps in its run's folder: <c>sentences.txt</c> of all texts, and <c>teacher.f16</c>, the teacher's embeddings of them.</summary>
internal static class DistillationData
{
    /// <summary>Opens both; what is not there yet is made.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="texts">Files of running text; read where there are no sentences yet.</param>
    /// <param name="most">Sentences at most.</param>
    /// <param name="teacher">The teacher's folder.</param>
    /// <param name="batchSize">Sentences of a step.</param>
    /// <param name="seed">Of their order.</param>
    /// <param name="progress">Receives the number of sentences that the teacher has embedded, and their number.</param>
    /// <param name="cancellation">Stops the teacher; a later call goes on.</param>
    /// <exception cref="DataFileException">There is no sentence.</exception>
    public static EmbeddingData Open(string folder, IReadOnlyList<string> texts, int most, string teacher, int batchSize, ulong seed, IProgress<(int Done, int Count)>? progress = null, CancellationToken cancellation = default)
    {
        Directory.CreateDirectory(folder);
        string sentences = Path.Combine(folder, "sentences.txt");
        if (!File.Exists(sentences))
        {
            SentenceCollection.Write(texts, sentences, most);
        }

        LineFile lines = new(sentences);
        try
        {
            TeacherEmbeddings embeddings = TeacherEmbeddings.Open(Path.Combine(folder, "teacher.f16"), lines, ModelFolder.Resolve(teacher), done => progress?.Report((done, lines.Count)), cancellation);
            return new TeacherTexts(lines, embeddings, batchSize, seed);
        }
        catch
        {
            lines.Dispose();
            throw;
        }
    }
}
