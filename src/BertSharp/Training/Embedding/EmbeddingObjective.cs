namespace BertSharp;

/// <summary>What an embedding model learns, and so what its examples hold.</summary>
public enum EmbeddingObjective
{
    /// <summary>
    /// To find each anchor's <c>positive</c> among all texts of the step, given <c>negative</c>s included (Henderson et al. 2017;
    /// <c>MultipleNegativesRankingLoss</c>). No text stands twice in a step.
    /// </summary>
    MultipleNegativesRanking,

    /// <summary>To bring an anchor nearer to its <c>positive</c> than to its <c>negative</c> (Reimers, Gurevych 2019; <c>TripletLoss</c>).</summary>
    Triplet,

    /// <summary>The order of the scores of pairs: <c>sentence1</c>, <c>sentence2</c> and <c>score</c> (Su 2022; <c>CoSENTLoss</c>).</summary>
    Cosent,

    /// <summary>The scores of pairs as cosines (<c>CosineSimilarityLoss</c>).</summary>
    Cosine,

    /// <summary>Pairs that belong together (score 1) and pairs that do not (0) (Hadsell et al. 2006; <c>ContrastiveLoss</c>).</summary>
    Contrastive,

    /// <summary>A teacher's embeddings of plain text, and their cosines (Reimers, Gurevych 2020).</summary>
    Distillation,
}
